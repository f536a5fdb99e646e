/** A message that is not as RFC 9112 has it, or larger than allowed: the status that its sender gets, and why. */
export class Malformed extends Error {
  readonly status: number;

  constructor(reason: string, status = 400) {
    super(reason);
    this.status = status;
  }
}
