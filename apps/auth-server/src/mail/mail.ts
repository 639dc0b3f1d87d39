/** A mail in plain text: nothing in it can be mistaken for the page that it leads to. */
export type Mail = { to: string; subject: string; text: string }

/** Where mails go. */
export type MailPort = {
  /** @throws where it was not taken; the relay tries again, each time later */
  send(mail: Mail): Promise<void>
  /** Only where mails are shown instead of sent: the last ones, the newest first. */
  shown?(): Promise<(Mail & { id: string; at: Date })[]>
  close(): Promise<void>
}
