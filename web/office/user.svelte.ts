/** The user of the page, and what this user may do. */
import { may, type Me } from "../shared/access";

class User {
  /** Null until the server has answered. */
  me = $state.raw<Me | null>(null);

  get canEdit(): boolean {
    return may(this.me, "marshal");
  }

  get isAdmin(): boolean {
    return may(this.me, "admin");
  }

  /** Update what the server knows about the user. */
  set(me: Me | null): void {
    if (JSON.stringify(me) !== JSON.stringify(this.me)) this.me = me;
  }
}

export const user = new User();
