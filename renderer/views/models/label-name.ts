import { EMOTIONS } from '../../design/emotion-colours'
import { t } from '../../strings'

/** The name of a model's label; labels beside the seven keep their own. */
export function labelName(label: string): string {
  const emotion = EMOTIONS.find((name) => name === label)
  return emotion ? t(`emotion.${emotion}`) : label.charAt(0).toUpperCase() + label.slice(1)
}
