/** Descriptions by path. What a description says stands in the JSON schema and in the reference. */
export type Descriptions = Readonly<Record<string, string>>

/** The descriptions of all keys below one path; each has the rest of its path. */
export function within(path: string, descriptions: Descriptions): Descriptions {
  return Object.fromEntries(Object.entries(descriptions).map(([rest, text]) => [path + rest, text]))
}
