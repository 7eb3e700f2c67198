/** "1 row", "2 rows": a count with the word that fits it. */
export function counted(count: number, one: string, other: string): string {
  return `${count} ${count === 1 ? one : other}`
}
