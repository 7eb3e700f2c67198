#!/usr/bin/env node
// @ts-check
// Writes THIRD-PARTY-NOTICES.txt; --check says whether it is current: node main/tools/notices.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ffmpegLibraries, ffmpegLicence, readFfmpegBuild } from './notices/ffmpeg.mjs'
import { shippedPackages } from './notices/packages.mjs'
import { root } from './parts.mjs'

const LINE = '-'.repeat(100)
export const noticesFile = join(root, 'THIRD-PARTY-NOTICES.txt')

/**
 * @param {import('./notices/ffmpeg.mjs').FfmpegBuild} ffmpeg
 * @returns {string}
 */
export function noticesText(ffmpeg) {
  const packages = shippedPackages()
  return `${[
    PREFACE,
    ffmpegSection(ffmpeg),
    ELECTRON,
    TENSORFLOW,
    MODELS,
    `PACKAGES\n\n${packages.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join('\n')}`,
    ...groupedTexts(packages),
    licenceFile('Apache-2.0'),
    licenceFile('GPL-3.0'),
  ].join(`\n\n${LINE}\n\n`)}\n`
}

const PREFACE = `THIRD-PARTY NOTICES

Unmask itself is under the MIT licence (LICENSE). The packaged app contains the works below, each under its own licence. This file
is made by main/tools/notices.mjs from package-lock.json, electron-builder.yml and the FFmpeg inside node-av.`

/** @param {import('./notices/ffmpeg.mjs').FfmpegBuild} ffmpeg */
function ffmpegSection({ version, configuration }) {
  return `FFMPEG ${version}

node-av's binary (@seydx/node-av-SYSTEM) contains FFmpeg under the ${ffmpegLicence(configuration)},
whose text stands at the end. The packaged app as a whole therefore goes to others only under the terms of that licence: with its text,
and with the corresponding source or a written offer of it. The sources: FFmpeg (ffmpeg.org), the patches and build scripts of the
Jellyfin project's FFmpeg (jellyfin/jellyfin-ffmpeg) and node-av (seydx/node-av), each in the version named here.

It was built with these libraries, each under its own licence:
${wrapped(ffmpegLibraries(configuration).join(', '))}
Of these libfdk-aac has one (Fraunhofer IIS, "Software License for The Fraunhofer FDK AAC Codec Library for Android") that grants no
patent licences and that the Free Software Foundation holds to be incompatible with the GPL. Unmask does not use it: FFmpeg's own AAC
decoder and encoder come first. Whoever publishes packages should have this looked at, or build node-av without it.

Configuration of the linux-x64 binary:
${wrapped(configuration)}`
}

const ELECTRON = `ELECTRON, CHROMIUM, NODE.JS

Electron is under the MIT licence, Copyright (c) Electron contributors, Copyright (c) 2013-2020 GitHub Inc. Its text and those of
Chromium's and Node's parts come with the app, beside its executable: LICENSE.electron.txt and LICENSES.chromium.html.
Chromium's libffmpeg, a separate library under the GNU Lesser General Public License 2.1, can be replaced there.`

const TENSORFLOW = `TENSORFLOW

TensorFlow.js and, in packages made with native TensorFlow, the TensorFlow C library (The TensorFlow Authors) are under the Apache
License 2.0, whose text stands at the end. The C library's own parts are listed in the THIRD_PARTY_NOTICES of its distribution
(tensorflow/tensorflow).`

const MODELS = `MODELS AND RECORDINGS

models/face and models/fusion: MIT, as Unmask; models/speech: trained on RAVDESS, CC BY-NC-SA 4.0, non-commercial research only.
Each card.json names data, licence and sources. assets/sample: a clip of RAVDESS (Livingstone and Russo 2018), CC BY-NC-SA 4.0.
Face detectors and landmarks: the weights of face-api.js, Copyright (c) 2018 Vincent Muehler and (c) Vladimir Mandic, MIT.`

/**
 * Packages with the same text share it.
 * @param {readonly import('./notices/packages.mjs').ShippedPackage[]} packages
 */
function groupedTexts(packages) {
  /** @type {Map<string, string[]>} */
  const groups = new Map()
  for (const { name, text } of packages) groups.set(text, [...(groups.get(text) ?? []), name])
  return [...groups].map(([text, names]) => `${wrapped(names.join(', '))}\n\n${text}`)
}

/** @param {string} name */
function licenceFile(name) {
  return readFileSync(join(root, 'assets', 'licences', `${name}.txt`), 'utf8').trim()
}

/** @param {string} text one line of words */
function wrapped(text) {
  return text.replace(/(.{1,100})(?: |$)/g, '$1\n').trim()
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const text = noticesText(await readFfmpegBuild())
  if (!process.argv.includes('--check')) writeFileSync(noticesFile, text)
  else if (readFileSync(noticesFile, 'utf8') !== text) {
    process.stderr.write('THIRD-PARTY-NOTICES.txt is out of date: node main/tools/notices.mjs\n')
    process.exitCode = 1
  }
}
