// Owns what a script adds to a page: focus on errors, no double clicks, lists as cards on narrow screens. Must never be needed: every page works without it.
import { initAll } from './nhsuk-frontend.min.js'

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')
initAll()

// On a narrow screen the style sheet lays a list's rows out as cards, where each cell needs its column's name beside it. Roles
// are said as well, because a table that is laid out otherwise is no table any more to some readers of screens.
function label (table) {
  const columns = Array.from(table.querySelectorAll('thead th'), (one) => one.textContent.trim())
  table.setAttribute('role', 'table')
  for (const part of table.querySelectorAll('thead, tbody')) part.setAttribute('role', 'rowgroup')
  for (const one of table.querySelectorAll('thead th')) one.setAttribute('role', 'columnheader')
  for (const row of table.querySelectorAll('tr')) {
    row.setAttribute('role', 'row')
    for (const [place, cell] of Array.from(row.cells).entries()) {
      if (cell.closest('thead')) continue
      cell.setAttribute('role', cell.tagName === 'TH' ? 'rowheader' : 'cell')
      if (place > 0 && columns[place]) cell.dataset.column = columns[place]
      cell.classList.toggle('tre-cells__nothing', cell.textContent.trim() === '' && !cell.querySelector('input, img, svg'))
    }
  }
  table.classList.add('tre-cells')
}

function labelAll (within) {
  for (const one of within.querySelectorAll('.tre-table:not(.tre-sheet-view) > table:not(.tre-cells)')) label(one)
}

labelAll(document)
document.addEventListener('htmx:afterSettle', () => labelAll(document))
