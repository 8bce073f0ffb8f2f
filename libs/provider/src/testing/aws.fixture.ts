import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ScriptedServer, SeenRequest } from './scripted-server.fixture.js';

/** One frame of AWS's binary event stream: lengths, headers, payload, each with a checksum. */
function frame(type: string, payload: object): Buffer {
  const names = { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' };
  const headers = Buffer.concat(
    Object.entries(names).map(([name, value]) => {
      const length = Buffer.alloc(3);
      length.writeUInt8(7);
      length.writeUInt16BE(value.length, 1);
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.length + body.length);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const sum = Buffer.alloc(4);
  const message = Buffer.concat([prelude, headers, body]);
  sum.writeUInt32BE(crc32(message));
  return Buffer.concat([message, sum]);
}

/** Answers like the ConverseStream operation of Bedrock: text, one call of the tool `read`, what it used. */
export function converse(server: ScriptedServer): void {
  const events: [string, object][] = [
    ['messageStart', { role: 'assistant' }],
    ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }],
    ['contentBlockStop', { contentBlockIndex: 0 }],
    ['contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'c1', name: 'read' } } }],
    ['contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '{"file":"a"}' } } }],
    ['contentBlockStop', { contentBlockIndex: 1 }],
    ['messageStop', { stopReason: 'tool_use' }],
    [
      'metadata',
      {
        usage: { inputTokens: 5, outputTokens: 7, totalTokens: 12, cacheReadInputTokens: 3, cacheWriteInputTokens: 2 },
        metrics: { latencyMs: 1 },
      },
    ],
  ];
  server.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    for (const [type, payload] of events) response.write(frame(type, payload));
    response.end();
  };
}

/** What the `authorization` header of a request has to be, by the rules of Signature Version 4. */
export function signatureOf({ method, path, headers, text }: SeenRequest, accessKey: string, secret: string): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const [date = '', region = '', service = ''] = scope.split('/');
  const hash = (value: string) => createHash('sha256').update(value).digest('hex');
  const mac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();
  const canonical = [
    method,
    // each part of the path is encoded once more
    path.split('/').map(encodeURIComponent).join('/'),
    '',
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    hash(text),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(mac, `AWS4${secret}`);
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}
