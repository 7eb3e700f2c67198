export const settings = {
  'settings.notice.corrupt':
    'Your settings could not be read ({reason}). They were set aside as {file}, and the defaults are used',
  'settings.notice.newer':
    'Your settings were written by a newer Unmask. They were set aside unharmed as {file}, and the defaults are used',
  'settings.notice.invalid':
    'Some settings could not be used and have their defaults again: {fields}. The file as it was is kept as {file}',
  'settings.notice.unknown': 'This version does not know some of your settings and left them out: {fields}',
  'settings.notice.unwritable': 'Settings cannot be saved and will last until you close Unmask: {reason}',
} as const
