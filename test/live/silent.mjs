/** A child that says when it runs, and then nothing. */
process.send('runs');
process.on('message', () => undefined);
