import { pageMarkdown, pageText } from './page-text.js';

describe('pageMarkdown', () => {
  it.each<[string, string]>([
    ['<h1>Title</h1><p>Some <b>bold</b>, <em>soft</em> text.</p>', '# Title\n\nSome **bold**, *soft* text.'],
    ['<ul><li>one<li>two</ul><hr><ol start="3"><li>three</ol>', '-   one\n-   two\n\n---\n\n3.  three'],
    ['<pre><code class="language-ts">a &lt; b\n  c</code></pre>', '```ts\na < b\n  c\n```'],
    ['<a href="/x?a=1&amp;b=2">link</a> <img src="i.png" alt="pic">', '[link](/x?a=1&b=2) ![pic](i.png)'],
    ['<blockquote><p>a</p><div>b</div></blockquote>', '> a\n> \n> b'],
    ['<html><head><title>T</title><style>x{}</style></head><body><script>evil()</script><p>text</body>', 'T\n\ntext'],
    ['<div>a<div>b</div>c</div>', 'a\n\nb\n\nc'],
    ['<a href="u"><div>card</div></a>', '[\n\ncard\n\n](u)'],
    ['<table><tr><td>1</td><td>2</td></tr></table>', '1\n\n2'],
    ['a <span>b</span> <unknown-tag>c</unknown-tag>', 'a b\n\nc'],
    ['<template><p>hidden</p></template>seen', 'seen'],
    ['&lt;script&gt; is text, so is `x_y*z`', '<script> is text, so is \\`x\\_y\\*z\\`'],
    ['', ''],
    ['no tags', 'no tags'],
    ['<p>never <b>closed', 'never **closed**'],
    ['</div></p>stray</b>', 'stray'],
  ])('%s', async (html, markdown) => expect(await pageMarkdown(html)).toBe(markdown));

  it('survives pages that are deep, long or both', async () => {
    expect(await pageMarkdown('<div>'.repeat(50_000) + 'deep')).toBe('deep');
    expect(await pageMarkdown('<blockquote>'.repeat(5000) + 'deep')).toMatch(/^(?:> ?)+deep$/);
    expect(await pageMarkdown('<i>'.repeat(5000) + 'deep')).toContain('deep');
    const many = await pageMarkdown('<div class="c"><p>one</p></div>'.repeat(3000));
    expect(many.match(/one/g)).toHaveLength(3000);
    // an endless list is given as text
    expect(await pageMarkdown(`<ul>${'<li>entry</li>'.repeat(20_000)}</ul>`)).toMatch(/^entryentry/);
  });
});

describe('pageText', () => {
  it.each<[string, string]>([
    ['<p>a</p> <p>b &amp; c</p>', 'a b & c'],
    ['<p>a</p><p>b</p>', 'ab'],
    [
      '<script>s</script><style>s</style><noscript>n</noscript><iframe>i</iframe><object>o<p>p</p></object>seen<embed>!',
      'seen!',
    ],
  ])('%s', async (html, text) => expect(await pageText(html)).toBe(text));
});
