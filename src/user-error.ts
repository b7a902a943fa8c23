/**
 * An error that the user can mend: the message is one line that says what failed, where, and what
 * was expected. The command line ends with status 2.
 *
 * @module
 */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
