import { readFileSync } from 'node:fs'
import { z } from 'zod'

const three = z.tuple([z.number(), z.number(), z.number()])

/** What make-reference.py wrote: figures by other people's code. */
const schema = z.object({
  madeWith: z.string(),
  tables: z
    .array(
      z.object({
        table: z.array(z.array(z.number())),
        kappa: z.number(),
        kappa_se: z.number(),
        linear: z.number(),
        linear_se: z.number(),
        quadratic: z.number(),
        quadratic_se: z.number(),
        ac1: z.number(),
        ac1_variance: z.number(),
        alpha: z.number(),
      }),
    )
    .min(10),
  manyRaters: z
    .array(
      z.object({
        ratings: z.array(z.array(z.number().nullable())),
        nominal: z.number(),
        ordinal: z.number(),
        interval: z.number(),
      }),
    )
    .min(5),
  ratings: z
    .array(
      z.object({
        ratings: z.array(z.array(z.number())),
        pearson: three.optional(),
        ccc: three.optional(),
        icc21: three,
        icc2k: three,
        alpha: z.number(),
      }),
    )
    .min(5),
  fQuantiles: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])).min(8),
})

export const reference = schema.parse(
  JSON.parse(readFileSync(new URL('./reference.json', import.meta.url), 'utf8')),
)
