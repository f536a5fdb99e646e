/** Keeps a fleet as it is wanted: follows what the driver tells, and looks for what it did not tell. */
import type { Driver, Log } from '../types.ts';
import type { Fleet } from './fleet.ts';

/** A fleet that is kept. */
export interface Keeping {
  readonly lost: boolean;
  readonly dispossessed: Promise<void>;
  /** Audits from now on; before, what is to be adopted would be taken for strangers. */
  begin(): void;
  stop(): void;
}

/** Begins to listen to the driver. */
export function keep(fleet: Fleet, driver: Driver, auditMs: number, log: Log): Keeping {
  let timer: NodeJS.Timeout | undefined;
  let lost = false;
  let give: () => void = () => undefined;
  const dispossessed = new Promise<void>((resolve) => (give = resolve));
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const audit = (): void => {
    fleet.audit().catch((error: unknown) => {
      log('warn', 'the driver did not list the replicas', { error: String(error) });
    });
  };
  driver.watch({
    ended(key, end) {
      fleet.ended(key, end);
    },
    recovered() {
      fleet.forgive();
      if (timer) audit();
    },
    dispossessed() {
      lost = true;
      stop();
      fleet.abandon();
      give();
    },
  });
  return {
    get lost() {
      return lost;
    },
    dispossessed,
    begin() {
      if (!lost) timer = setInterval(audit, auditMs);
    },
    stop,
  };
}
