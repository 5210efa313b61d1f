// culprit: byFingerprint\b
// kind: forgotten cache/collection
//
// One object for the whole service, with dictionaries deep inside: this.state.index.byFingerprint.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(41);

class Directory {
  constructor() {
    this.state = {
      revision: 0,
      index: { byTenant: {}, byRegion: {}, byFingerprint: {} },
      totals: { lookups: 0, inserts: 0 },
    };
    this.limits = { tenants: 64, regions: 8 };
  }

  register(device) {
    const { byTenant, byRegion, byFingerprint } = this.state.index;
    const tenant = `tenant${device.id % this.limits.tenants}`;
    const region = `region${device.id % this.limits.regions}`;
    // One current device a tenant and region: these have a natural bound.
    byTenant[tenant] = device;
    byRegion[region] = device;
    // A fingerprint changes with every start of the device.
    byFingerprint[device.fingerprint] = device;
    this.state.totals.inserts++;
    this.state.revision++;
  }

  lookup(fingerprint) {
    this.state.totals.lookups++;
    return this.state.index.byFingerprint[fingerprint];
  }

  tenants() {
    return Object.keys(this.state.index.byTenant).length;
  }

  static get instance() {
    if (!Directory.current) Directory.current = new Directory();
    return Directory.current;
  }
}

let found = 0;
function boot(id) {
  const device = {
    id,
    fingerprint: traffic.hex(24),
    firmware: `${traffic.int(9)}.${traffic.int(99)}`,
    interfaces: [{ name: 'eth0', mac: traffic.hex(12) }, { name: 'wlan0', mac: traffic.hex(12) }],
  };
  Directory.instance.register(device);
  if (Directory.instance.lookup(device.fingerprint)) found++;
}

rounds(30, () => {
  for (let i = 0; i < 130; i++) boot(traffic.int(2000));
}).then(() => console.log(`${found} found, ${Directory.instance.tenants()} tenants`));
