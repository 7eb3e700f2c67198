import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import {
  bouts,
  codedStudy,
  doneItem,
  ratingOf,
  variableItem,
  writeCodedProject,
} from '../../support/coded-project'
import { makeClip } from '../../support/media-fixtures'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { readStage } from '../../support/stage-reader'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = 'ravdess-01-01-01-01-01-01-01'
const WIDE = 4 / 3

let window: AppWindow
let page: Page
let root: string
let folder: string

const view = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click()
const panel = (name: string) => page.getByRole('region', { name, exact: true })
const cell = (name: string | RegExp) => panel('Confusion matrix').getByRole('button', { name })
const tile = (title: string) =>
  page.locator('.tile', { has: page.getByRole('heading', { name: title, exact: true }) })
/** Cells of a row of a table, as they are read. */
const row = (inPanel: string, name: string | RegExp) =>
  panel(inPanel).getByRole('row', { name }).first().locator('td').allInnerTexts()

/**
 * Two clips of 3.2 s that Anna and Ben coded, and the sample, which the model labelled and Anna coded. In time units of 0.04 s:
 * one, Anna:  happiness 0-1, anger 1-2.   Ben: happiness 0-0.8, anger 0.8-2, sadness 2-2.4.
 * two, both:  sadness 0.4-1.2.
 */
async function makeProject(): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'unmask-agreement-'))
  folder = join(root, 'study')
  await mkdir(folder)
  for (const name of ['one', 'two'])
    await makeClip({ path: join(folder, `${name}.mp4`), video: { frames: 80 } })
  await copyFile(join(repositoryRoot, 'assets', 'sample', `${SAMPLE}.mp4`), join(folder, 'sample.mp4'))
  const { code, stderr } = await runUnmask([
    'label',
    join(folder, 'sample.mp4'),
    '--out',
    join(folder, 'results'),
  ])
  expect(code, stderr).toBe(0)
  const plain = codedStudy()
  const valence = { id: 'valence', name: 'valence', minimum: -1, maximum: 1, neutral: 0 }
  const study = codedStudy({
    scheme: {
      ...plain.scheme,
      dimensions: [{ ...valence, lowLabel: 'bad', highLabel: 'good', description: '' }],
    },
    variables: [{ id: 'v', name: 'condition', scope: 'clip', kind: 'text', choices: [], description: '' }],
  })
  await writeCodedProject(folder, study, [
    {
      clipId: 'one',
      path: 'one.mp4',
      durationSecs: 3.2,
      items: [
        ...bouts('anna', ['happiness', 0, 1], ['anger', 1, 2]),
        ...bouts('ben', ['happiness', 0, 0.8], ['anger', 0.8, 2], ['sadness', 2, 2.4]),
        ratingOf('anna', 'valence', [0, 1, 2], [0, 0.5, 1], 3),
        ratingOf('ben', 'valence', [0, 1, 2], [0.2, 0.7, 1], 3),
        variableItem('anna', 'v', 'film'),
      ],
    },
    {
      clipId: 'two',
      path: 'two.mp4',
      durationSecs: 3.2,
      items: [
        ...bouts('anna', ['sadness', 0.4, 1.2]),
        ...bouts('ben', ['sadness', 0.4, 1.2]),
        variableItem('anna', 'v', 'talk'),
        doneItem('cleo'),
      ],
    },
    { clipId: 'sample', path: 'sample.mp4', durationSecs: 3.27, items: bouts('anna', ['neutral', 0, 3]) },
  ])
}

describe.skipIf(place === null)('agreement', () => {
  beforeAll(async () => {
    window = await openAppWindow(place!)
    page = window.page
  }, 120_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('needs a project, and says so', async () => {
    await view('Agreement')
    await page.getByText('No project open').first().waitFor()
    await makeProject()
    await page.getByRole('button', { name: 'Go to the Library' }).click()
    await window.answerOpenDialogs([folder])
    await page.getByRole('button', { name: /^Open/ }).first().click()
    await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').nth(2).waitFor()
  }, 120_000)

  it('shows two people’s agreement as it is by hand', async () => {
    await view('Agreement')
    await page.getByRole('heading', { name: 'Agreement of Anna and Ben' }).waitFor()
    await page.getByText('One clip is left out: not every chosen rater has labels in it.').waitFor()
    // po = 145/160, pe = 9050/25600, kappa = (po - pe) / (1 - pe) = 0.85498.
    await expect.poll(() => tile('Cohen’s kappa').innerText()).toContain('0.855')
    expect(await tile('Cohen’s kappa').innerText()).toContain('almost perfect')
    expect(await tile('Percent agreement').innerText()).toContain('90.6%')
    // AC1 with chance 0.644043 / 3: (0.90625 - 0.214681) / 0.785319.
    expect(await tile('Gwet’s AC1').innerText()).toContain('0.881')
    await page.getByText('Anna and Ben gave the same label in 90.6% of 160 time units of 0.04 s.').waitFor()
    await page.getByText('Chance alone, with each one’s own shares of labels, would give 35.4%.').waitFor()
    const counts = [
      ['Happiness', 'Happiness', '20'],
      ['Happiness', 'Anger', '5'],
      ['Sadness', 'Sadness', '20'],
      ['Anger', 'Anger', '25'],
      ['none', 'Sadness', '10'],
      ['none', 'none', '80'],
      ['Anger', 'Happiness', '0'],
    ] as const
    for (const [first, second, count] of counts)
      expect(await cell(`Anna says ${first}, Ben says ${second}: ${count},`).innerText()).toBe(count)
    expect(await row('Each clip', /^one/)).toEqual([
      'Clip as a whole',
      '80',
      '81.3%',
      '0.736',
      '0.057',
      '0.755',
      '0.734',
    ])
    expect(await row('Each clip', /^two/)).toEqual([
      'Clip as a whole',
      '80',
      '100.0%',
      '1.000',
      '0.000',
      '1.000',
      '1.000',
    ])
    expect(await row('Agreement of each label', /^Happiness/)).toEqual(['25', '20', '20', '88.9%', '0.871'])
    await window.screenshot('agreement')
  })

  it('shows seconds and events, too', async () => {
    await page.getByRole('combobox', { name: 'Method' }).selectOption({ label: 'Exact durations' })
    await page.getByText(/agreed during 90\.6% of 6\.40 s/).waitFor()
    await page.getByRole('combobox', { name: 'Shown in the cells' }).selectOption({ label: 'Row %' })
    expect(await cell(/^Anna says Happiness, Ben says Anger/).innerText()).toBe('20.0%')
    await page.getByRole('combobox', { name: 'Method' }).selectOption({ label: 'Paired events' })
    // Onsets 0/0, 1/0.8 and 0.4/0.4 pair with the same label; Ben's sadness at 2 s is alone.
    await page.getByText(': 3 of 4 pairs and single events carry one label.').waitFor()
    expect(await tile('Percent agreement').innerText()).toContain('75.0%')
    // 0, 0.2 and 0 s apart.
    expect(await tile('Onsets differ by').innerText()).toContain('0.067 s')
    await page.getByRole('combobox', { name: 'Method' }).selectOption({ label: 'Time units' })
    await page.getByRole('combobox', { name: 'Shown in the cells' }).selectOption({ label: 'Counts' })
    await page
      .getByRole('combobox', { name: 'Time without a label' })
      .selectOption({ label: 'Does not count' })
    // 70 units that both labelled, 65 of them alike; 3.60 s fall out.
    await page.getByText(/same label in 92\.9% of 70 time units/).waitFor()
    await page.getByText('3.60 s without a label of both were left out.').waitFor()
    await page
      .getByRole('combobox', { name: 'Time without a label' })
      .selectOption({ label: 'Counts as “none”' })
    await page.getByText('of 160 time units').waitFor()
  })

  it('opens the moment behind a cell in Analyse, looped, at its very frame', async () => {
    await cell(/^Anna says Happiness, Ben says Anger/).click()
    const moments = page.getByRole('listbox', { name: 'Anna: Happiness, Ben: Anger' })
    await page.getByText('1 moment, 0.20 s').waitFor()
    await moments.getByRole('option').first().click()
    // 0.8 s at 25 frames a second.
    await page.locator('[data-shown-step="20"]').waitFor()
    expect(await readStage(page, WIDE)).toEqual({ step: 20, number: 20 })
    await page.keyboard.press('Space')
    await page.waitForTimeout(900)
    await page.keyboard.press('Space')
    const { step } = await readStage(page, WIDE)
    expect(step).toBeGreaterThanOrEqual(20)
    expect(step).toBeLessThan(25)
    await view('Agreement')
    await page.getByRole('heading', { name: 'Agreement of Anna and Ben' }).waitFor()
  })

  it('compares a person and the model, and remembers whom', async () => {
    await page.getByRole('combobox', { name: 'Rater 2' }).selectOption({ label: 'Face (model) (1 clip)' })
    await page.getByRole('heading', { name: 'Agreement of Anna and Face (model)' }).waitFor()
    const frames = await readFile(join(folder, 'results', 'sample.segments.csv'), 'utf8')
    expect(frames).toContain(',face,')
    await view('Library')
    await view('Agreement')
    await page.getByRole('heading', { name: 'Agreement of Anna and Face (model)' }).waitFor()
    await page.getByText('More raters').click()
    await page.getByRole('checkbox', { name: 'Ben (2 clips)' }).check()
    await page.getByRole('heading', { name: 'Agreement of 3 raters' }).waitFor()
    await page.getByRole('checkbox', { name: 'Ben (2 clips)' }).uncheck()
    await page.getByRole('combobox', { name: 'Rater 2' }).selectOption({ label: 'Ben (2 clips)' })
    await page.getByRole('heading', { name: 'Agreement of Anna and Ben' }).waitFor()
  })

  it('compares ratings', async () => {
    await tab('Ratings')
    await page.getByRole('heading', { name: 'valence: Anna, Ben' }).waitFor()
    await page.getByRole('spinbutton', { name: 'Time unit' }).fill('1')
    await page.keyboard.press('Enter')
    // Three units, 0/0.2, 0.5/0.7, 1/1: Lin's CCC 0.26667 / 0.29333, r 0.990.
    await expect.poll(() => tile('Concordance (CCC)').innerText()).toContain('0.909')
    expect(await tile('Pearson’s r').innerText()).toContain('0.990')
    await window.screenshot('agreement-ratings')
  })

  it('sums behaviour as by hand, and opens a transition', async () => {
    await tab('Statistics')
    await page.getByRole('checkbox', { name: 'Anna' }).waitFor()
    const names = ['Face (model)', 'Voice (model)', 'Face and voice (model)', 'Final']
    for (const name of names) {
      const box = page.getByRole('checkbox', { name, exact: true })
      if (await box.count()) await box.uncheck()
    }
    const figures = async (label: string) => {
      const found = panel('Bouts, latency and rate').getByRole('row', { name: new RegExp(`^Ben ${label} `) })
      return (await found.locator('td').allInnerTexts()).slice(1)
    }
    // Ben: sadness 2-2.4 s in one and 0.4-1.2 s in two, of 6.4 s; the share is 18.75 %, which rounds either way.
    await expect
      .poll(() => figures('Sadness'))
      .toEqual([
        '2',
        '2',
        '1.200',
        expect.stringMatching(/^18\.[78]%$/),
        '0.600',
        '0.283',
        '0.400',
        '0.800',
        '18.75',
        '1.200',
        expect.stringMatching(/^18\.[78]%$/),
        '8.8%',
      ])
    expect((await figures('Happiness')).slice(0, 4)).toEqual(['2', '1', '0.800', '12.5%'])
    await panel('Transitions').getByRole('combobox', { name: 'Rater' }).selectOption({ label: 'Ben' })
    await panel('Transitions')
      .getByRole('button', { name: /^From Anger to Sadness: 1, 100\.0%/ })
      .click()
    await window.screenshot('agreement-statistics')
    await page.getByRole('listbox', { name: 'From Anger to Sadness' }).getByRole('option').first().click()
    // From the beginning of Ben's anger.
    await page.locator('[data-shown-step="20"]').waitFor()
    await view('Agreement')
  })

  it('saves a chart as a picture and as a drawing, and tables as the command does', async () => {
    const budget = panel('Time budget')
    await budget.waitFor()
    const [png, svg] = [join(root, 'budget.png'), join(root, 'budget.svg')]
    await window.answerSaveDialogs(png, svg)
    await budget.getByRole('button', { name: 'PNG…' }).click()
    await page.getByText('Saved as budget.png').waitFor()
    await budget.getByRole('button', { name: 'SVG…' }).click()
    await page.getByText('Saved as budget.svg').waitFor()
    expect((await readFile(png)).readUInt32BE(16)).toBe(720 * (300 / 96))
    const drawing = await readFile(svg, 'utf8')
    for (const word of ['Anna', 'Ben', 'Share of observed time', 'Sadness'])
      expect(drawing).toContain(`>${word}<`)
    const [ours, theirs] = [join(root, 'ours'), join(root, 'theirs')]
    await mkdir(ours)
    await tab('Agreement')
    await page.getByRole('heading', { name: 'Agreement of Anna and Ben' }).waitFor()
    await window.answerOpenDialogs([ours])
    await page.getByRole('button', { name: 'Export tables…' }).click()
    await page.getByText('Written to ours: agreement.csv, confusion.csv, data_dictionary.csv').waitFor()
    await runUnmask(['agree', folder, '--tier-a', 'Anna', '--tier-b', 'Ben', '--out', theirs])
    for (const name of ['agreement.csv', 'confusion.csv', 'data_dictionary.csv'])
      expect(await readFile(join(ours, name), 'utf8')).toBe(await readFile(join(theirs, name), 'utf8'))
  })

  it('leaves out what a blind observer must not see', async () => {
    const choose = (observerId: string | null) =>
      page.evaluate((id) => self.unmask.chooseObserver({ observerId: id }), observerId)
    expect(await choose('cleo')).toMatchObject({ ok: true })
    await page.getByText('2 clips are left out: you code blind in them').waitFor()
    // Of the clip that Cleo has finished everything is there.
    await page.getByText(/same label in 100\.0% of 80 time units/).waitFor()
    expect(await page.getByText('Face (model)').count()).toBe(0)
    const survey = await page.evaluate(() => self.unmask.surveyStudy({ clips: { kind: 'all' } }))
    expect(survey).toMatchObject({ ok: true, value: { clipCount: 1, blindClipCount: 2 } })
    expect(JSON.stringify(survey)).not.toContain('one')
    await choose(null)
    await page.getByText(/same label in 90\.6% of 160 time units/).waitFor()
    expect(window.complaints).toEqual([])
  })

  it('lives on when its process ends', async () => {
    await window.app.evaluate(({ app }) => {
      const study = app
        .getAppMetrics()
        .find(({ name, serviceName }) => `${name} ${serviceName}`.includes('Unmask study'))
      if (!study) throw new Error('there is no study process')
      process.kill(study.pid, 'SIGKILL')
    })
    await page
      .getByRole('combobox', { name: 'Time without a label' })
      .selectOption({ label: 'Does not count' })
    await page.getByText(/same label in 92\.9% of 70 time units/).waitFor()
  })

  it.each([
    [1024, 640],
    [1440, 900],
    [2560, 1440],
  ])('fits a window of %i by %i, light and dark', async (widthPx, heightPx) => {
    await window.resize(widthPx, heightPx)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const name of ['Agreement', 'Statistics'] as const) {
        await tab(name)
        await panel(name === 'Agreement' ? 'Confusion matrix' : 'Time budget').waitFor()
        await window.screenshot(`agreement-${name.toLowerCase()}-${widthPx}-${colorScheme}`)
        const overflowPx = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(overflowPx).toBeLessThanOrEqual(0)
      }
    }
  })
})
