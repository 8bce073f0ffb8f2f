import { isSecretName, KnownSecrets } from './known-secrets.js';

describe('KnownSecrets', () => {
  it.each([
    'apiKey',
    'X-Api-Key',
    'client_secret',
    'ACME_TOKEN',
    'GITLAB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'key',
    'password',
  ])('knows that %s is a secret name', (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    'maxTokens',
    'keyboard',
    'AWS_ACCESS_KEY_ID',
    'setCacheKeys',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'PATH',
    'model',
  ])('and that %s is none', (name) => expect(isSecretName(name)).toBe(false));

  it('hides what it was told of, in texts and in the texts of a value', () => {
    const secrets = new KnownSecrets();
    secrets.add(['s3cret-value', 'short', undefined, 'Bearer to.ken-0123']);
    expect(secrets.hide('a s3cret-value, to.ken-0123 and short')).toBe('a [redacted], [redacted] and short');
    expect(secrets.hideIn({ a: ['s3cret-value', 1], b: { c: 'x s3cret-value' }, d: null })).toEqual({
      a: ['[redacted]', 1],
      b: { c: 'x [redacted]' },
      d: null,
    });
  });

  it('hides one that begins with another as a whole', () => {
    const secrets = new KnownSecrets();
    secrets.add(['s3cret-value', 's3cret-value-and-more', 'the-s3cret-value']);
    expect(secrets.hide('s3cret-value-and-more, the-s3cret-value')).toBe('[redacted], [redacted]');
  });

  it('finds values under secret names, also inside of a key that is JSON; but no numbers', () => {
    const secrets = new KnownSecrets();
    secrets.addNamed({
      options: { apiKey: 'from-options', headers: { 'x-api-key': 'from-headers' }, maxTokens: 'not-a-secret' },
      list: [{ clientSecret: 'from-a-list' }],
      AICORE_SERVICE_KEY: JSON.stringify({ clientid: 'visible-id', clientsecret: 'from-the-key' }),
      AWS_SECRET_ACCESS_KEY: '/begins+with/a/slash',
      token: 12_345_678,
    });
    const text =
      'from-options from-headers from-a-list from-the-key visible-id not-a-secret /begins+with/a/slash 12345678';
    expect(secrets.hide(text)).toBe(
      '[redacted] [redacted] [redacted] [redacted] visible-id not-a-secret [redacted] 12345678',
    );
  });

  it.each([
    ['Incorrect API key provided: sk-proj-0123456789', 'Incorrect API key provided: [redacted]'],
    ['authorization: Bearer abcdefgh123', 'authorization: [redacted]'],
    ['GET https://me:pass@acme.test/v1?x=1&key=abc&y=2', 'GET https://[redacted]@acme.test/v1?x=1&key=[redacted]&y=2'],
    ['https://acme.test/?access_token=abc', 'https://acme.test/?access_token=[redacted]'],
    ['see https://acme.test/a:b and key=value', 'see https://acme.test/a:b and key=value'],
  ])('hides what looks like a secret: %s', (text, expected) => {
    expect(new KnownSecrets().hide(text)).toBe(expected);
  });
});
