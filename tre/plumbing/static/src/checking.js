// Owns the keys of a checker's page: j and k between files, v and c to the form, ? to the list. Must never be needed: every
// one of them is a link, a field or a heading on the page.

const go = (selector) => document.querySelector(selector)?.click()

const focus = (selector) => {
  const found = document.querySelector(selector)
  found?.scrollIntoView({ block: 'center' })
  found?.focus()
}

const keys = {
  j: () => go('.tre-check__moves [rel="next"]'),
  k: () => go('.tre-check__moves [rel="prev"]'),
  v: () => focus('#view'),
  c: () => focus('#comment'),
  '?': () => {
    const list = document.querySelector('#keys')
    if (!list) return
    list.open = !list.open
    focus('#keys summary')
  }
}

const isTyping = (target) => target instanceof Element && target.matches('textarea, select, input:not([type="radio"])')

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
  const act = keys[event.key]
  if (!act) return
  event.preventDefault()
  act()
})
