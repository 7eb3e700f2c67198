/** Titles of edits (they stand in the undo menu and in the journal), and what coding says meanwhile. */
export const annotate = {
  'annotate.undo': 'undo: {title}',
  'annotate.redo': 'redo: {title}',
  'annotate.historyCleared':
    'This clip was changed from elsewhere. What was done before cannot be undone any more; nothing is lost.',
} as const
