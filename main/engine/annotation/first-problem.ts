import type { z } from 'zod'

/** Field and reason of the first thing that does not fit. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'content'}: ${issue?.message ?? 'invalid'}`
}
