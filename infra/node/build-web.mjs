// Owns what a browser gets: one style sheet, two scripts and the icons the sheet names, in one flat folder.
// Must never take a font, a logo or anything that points outside the portal's own origin.
// Usage: node build-web.mjs NODE_MODULES SOURCE_FOLDER OUTPUT_FOLDER
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'

const [modules, source, output] = process.argv.slice(2).map((path) => resolve(path))
const sass = createRequire(join(modules, 'here.js'))('sass')
const toolkit = join(modules, 'nhsuk-frontend', 'dist', 'nhsuk')

const { css } = sass.compile(join(source, 'tre.scss'), {
  loadPaths: [modules],
  style: 'compressed',
  quietDeps: true
})

// What the pages' content policy would refuse, and what the NHS alone may use, must not get this far.
const abroad = css.match(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}[^)"' ]*|frutiger/i)
if (abroad) throw new Error(`The style sheet names ${abroad[0]}, which is not the portal's own.`)

const icons = new Set([...css.matchAll(/url\(["']?images\/([a-z0-9-]+\.svg)["']?\)/g)].map(([, name]) => name))
await mkdir(join(output, 'images'), { recursive: true })
await writeFile(join(output, 'tre.css'), css)
for (const icon of icons) await copyFile(join(toolkit, 'assets', 'images', icon), join(output, 'images', icon))
for (const script of [join(toolkit, 'nhsuk-frontend.min.js'), join(modules, 'htmx.org', 'dist', 'htmx.min.js')]) {
  await copyFile(script, join(output, basename(script)))
}
for (const own of ['tre.js', 'checking.js', join('images', 'mark.svg')]) await copyFile(join(source, own), join(output, own))
console.log(`${css.length} bytes of style, ${icons.size} icons, 2 scripts`)
