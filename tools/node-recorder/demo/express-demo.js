// SPDX-License-Identifier: MIT
'use strict'

// A real Express server under load, recorded, and what heaplab says of it. Express is not part of
// this package; install it somewhere and start the demo there:
//
//   mkdir /tmp/demo && cd /tmp/demo && npm install express
//   node …/tools/node-recorder/demo/express-demo.js 60 leaking    # seconds, leaking or clean
//
// Then, with the recording and without the heap snapshots beside it:
//
//   heaplab leaks express.heaprec

const path = require('path')
const http = require('http')
const { fork } = require('child_process')
const { once } = require('events')
const { setTimeout: sleep } = require('timers/promises')

const seconds = Number(process.argv[2] || 60)
const kind = process.argv[3] || 'leaking'
const connections = 32
/// Each visitor thinks a little: some hundred requests a second.
const thinkMs = 100

async function load(port, until) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const ask = () =>
    new Promise((resolve) => {
      const url = { port, agent, host: '127.0.0.1', path: '/articles' }
      http.get(url, (response) => response.resume().on('end', () => resolve(1)))
        .on('error', () => resolve(0))
    })
  let answers = 0
  const client = async () => {
    while (Date.now() < until) {
      const answered = await ask()
      answers += answered
      await sleep(thinkMs)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  agent.destroy()
  return answers
}

async function main() {
  const app = fork(path.join(__dirname, 'express-app.js'), [kind], {
    execArgv: ['-r', path.join(__dirname, '..')],
    env: { ...process.env, HEAPLAB_RECORD: 'express.heaprec' }
  })
  app.on('exit', (code) => {
    if (code) process.exit(code)
  })
  const [{ port }] = await once(app, 'message')
  const until = Date.now() + 1000 * seconds
  const answers = load(port, until)
  for (let i = 1; i <= 3; ++i) {
    await sleep((1000 * seconds) / 4)
    app.kill('SIGUSR2') // a heap snapshot
  }
  console.log(`${await answers} requests answered in ${seconds} s by an Express server that is ${kind}`)
  app.kill('SIGTERM')
  await once(app, 'exit')
  console.log('recorded in express.heaprec; now: heaplab leaks express.heaprec')
}

main()
