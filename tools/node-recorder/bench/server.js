// SPDX-License-Identifier: MIT
'use strict'

// A server whose requests cost allocation and processor time, as rendering and JSON do: the worst
// case for a recorder. It serves so many requests to itself and says what they cost.

const http = require('http')
const requests = Number(process.argv[2] || 20000)
const cache = new Map()
let served = 0

class Row {
  constructor(id, i) {
    this.id = id
    this.title = `row ${i} of ${id}`
    this.tags = [`t${i % 7}`, `u${id % 11}`]
    this.price = { amount: i * 1.1, currency: 'EUR' }
  }
}

function render(id) {
  const rows = []
  for (let i = 0; i < 100; i++) rows.push(new Row(id, i))
  rows.sort((a, b) => b.price.amount - a.price.amount)
  return JSON.stringify(rows)
}

const server = http.createServer((request, response) => {
  const id = ++served
  const body = render(id)
  cache.set(id % 2000, { id, body, at: process.hrtime() })
  response.end(body)
})

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
  const ask = () =>
    new Promise((resolve, reject) => {
      http
        .get({ port, agent, host: '127.0.0.1' }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
    })
  const workers = Array.from({ length: 8 }, async () => {
    while (served < requests) await ask()
  })
  await Promise.all(workers)
  const { user, system } = process.cpuUsage()
  const isRecorded = process.execArgv.includes('-r')
  const profiles = isRecorded ? require('..').start().profiles : 0
  console.log(JSON.stringify({ served, cpuMs: (user + system) / 1000, profiles }))
  process.exit(0)
})
