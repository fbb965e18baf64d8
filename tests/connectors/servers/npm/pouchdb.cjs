// CouchDB's protocol over documents in memory, on the port that is named.
const PouchDB = require('pouchdb-core')
  .plugin(require('pouchdb-adapter-memory'))
  .plugin(require('pouchdb-mapreduce'))
const served = PouchDB.defaults({ adapter: 'memory' })
require('express')()
  .use('/', require('express-pouchdb')(served, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
  .listen(Number(process.argv[2]), '127.0.0.1')
