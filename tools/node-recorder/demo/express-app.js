// SPDX-License-Identifier: MIT
'use strict'

// An Express application with two leaks, as such applications have them: sessions that nobody deletes
// when a visitor leaves, and a listener for each request on something that lives for ever. With
// `clean` as its argument it has neither. Express is taken from the folder it is started in.

const { createRequire } = require('module')
const { EventEmitter } = require('events')
const path = require('path')

const express = createRequire(path.join(process.cwd(), 'package.json'))('express')
const isClean = process.argv[2] === 'clean'
const app = express()
const sessions = new Map()
const config = new EventEmitter().setMaxListeners(0)
let visitors = 0

class Session {
  constructor(id) {
    this.id = id
    this.visitor = { name: `visitor ${id}`, agent: 'load/1.0', seen: new Date() }
    this.basket = Array.from({ length: 12 }, (_, i) => ({ article: i, count: id % 5 }))
  }
}

function openSession(request, response, next) {
  const session = new Session(++visitors)
  request.session = session
  sessions.set(session.id, session)
  if (isClean) response.on('finish', () => sessions.delete(session.id))
  next()
}

function watchConfig(request, response, next) {
  const view = { theme: 'light', widths: new Array(40).fill(visitors) }
  const onChange = (theme) => { view.theme = theme }
  config.on('change', onChange)
  if (isClean) response.on('finish', () => config.off('change', onChange))
  request.view = view
  next()
}

app.use(openSession)
app.use(watchConfig)
app.get('/articles', (request, response) => {
  const list = request.session.basket.map(({ article, count }) => ({
    article, count, title: `article ${article} for ${request.session.visitor.name}`
  }))
  response.json({ theme: request.view.theme, list })
})

const server = app.listen(0, '127.0.0.1', () => {
  process.send({ port: server.address().port })
})
