/** What people are told of an escalation: enough to find it, nothing to act with. */
export interface EscalationNotice {
  readonly id: string;
  readonly agent: string;
  readonly runId: string;
  readonly step: string;
  readonly audience: string;
  /** ISO 8601. */
  readonly deadline: string;
  /** There where so much is asked that like escalations are announced together: the id of the group. */
  readonly group?: string;
}

export interface Notifier {
  /** Tells an audience of an escalation. May be repeated for the same one. */
  escalationOpened(notice: EscalationNotice): Promise<void>;
}
