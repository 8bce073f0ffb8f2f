import { networkSettings, urlOf } from './network.js';

describe('networkSettings', () => {
  it('has defaults', () => {
    expect(networkSettings({})).toEqual({
      port: 'preferred',
      hostname: '127.0.0.1',
      cors: [],
      mdns: false,
      mdnsDomain: 'opencode.local',
    });
  });

  it('prefers what is asked for, and adds origins up', () => {
    const configured = { port: 5000, hostname: 'a', cors: ['http://a'], mdnsDomain: 'a.local' };
    expect(networkSettings({}, configured)).toMatchObject(configured);
    expect(networkSettings({ port: 'preferred', hostname: 'b', cors: ['http://b'] }, configured)).toMatchObject({
      port: 'preferred',
      hostname: 'b',
      cors: ['http://a', 'http://b'],
    });
  });

  it('opens the server to the network for mDNS only when no host name is given', () => {
    expect(networkSettings({ mdns: true }).hostname).toBe('0.0.0.0');
    expect(networkSettings({}, { mdns: true }).hostname).toBe('0.0.0.0');
    expect(networkSettings({ mdns: true }, { hostname: 'a' }).hostname).toBe('a');
    expect(networkSettings({ mdns: false }, { mdns: true }).hostname).toBe('127.0.0.1');
  });

  it('keeps ports in range', () => {
    expect(networkSettings({ port: 99_999 }).port).toBe(65_535);
    expect(networkSettings({ port: -5 }).port).toBe(0);
  });
});

describe('urlOf', () => {
  it('puts IPv6 addresses in brackets', () => {
    expect(urlOf('::1', 80)).toBe('http://[::1]:80');
    expect(urlOf('0.0.0.0', 80)).toBe('http://0.0.0.0:80');
  });
});
