// CAP listens on every address of the machine; this one on loopback alone.
const cds = require("@sap/cds");
const express = require("express");

module.exports = (options) => {
  const app = express();
  const listen = app.listen.bind(app);
  app.listen = (port) => listen(port, "127.0.0.1");
  return cds.server({ ...options, app });
};
