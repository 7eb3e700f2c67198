import type { z } from 'zod'

/** The first thing that did not fit, with its place. */
export function firstIssueText(error: z.ZodError): string {
  const [issue] = error.issues
  if (!issue) return 'it has another form'
  const place = issue.path.map(String).join('.')
  return place === '' ? issue.message : `${place}: ${issue.message}`
}
