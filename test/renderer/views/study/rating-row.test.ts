// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { RatingDimension } from '../../../../preload/contract/annotation'
import RatingRow from '../../../../renderer/views/study/scheme/RatingRow.vue'

const valence: RatingDimension = {
  id: 'd1',
  name: 'valence',
  minimum: -1,
  maximum: 1,
  neutral: 0,
  lowLabel: 'unpleasant',
  highLabel: 'pleasant',
  description: '',
}
const row = () =>
  mount(RatingRow, {
    props: { dimension: valence, dimensions: [valence], isFirst: true, isLast: true, isDisabled: false },
  })

describe('the range of a rating', () => {
  it('keeps what is being typed when another part of the study was saved meanwhile', async () => {
    const wrapper = row()
    const to = wrapper.get('input[aria-label="valence: to"]')
    ;(to.element as HTMLInputElement).value = '9'
    await to.trigger('input')
    await wrapper.setProps({ dimension: { ...valence, description: 'of the voice' } })
    expect((to.element as HTMLInputElement).value).toBe('9')
    await to.trigger('change')
    expect(wrapper.emitted('change')).toEqual([[{ minimum: -1, maximum: 9, neutral: 0 }]])
  })

  it('follows a range that was changed elsewhere, and is no range the wrong way round', async () => {
    const wrapper = row()
    await wrapper.setProps({ dimension: { ...valence, maximum: 5 } })
    const to = wrapper.get('input[aria-label="valence: to"]')
    expect((to.element as HTMLInputElement).value).toBe('5')
    await to.setValue('-2')
    await to.trigger('change')
    expect(wrapper.get('[role="alert"]').text()).toBe('The first number must be below the second')
    expect(wrapper.emitted('change')).toBeUndefined()
  })
})
