// Owns what a script adds to a page: focus on errors, no double clicks. Must never be needed: every page works without it.
import { initAll } from './nhsuk-frontend.min.js'

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')
initAll()
