import { randomInt } from 'node:crypto';

const ADJECTIVES =
  'amber brisk calm clever cosmic crisp dapper eager early fair fancy fleet gentle golden grand happy honest jolly keen kind lively lucky mellow mighty neat noble plucky proud quick quiet rapid ready silent smooth steady sunny swift tidy vivid warm wise witty'.split(
    ' ',
  );
const NOUNS =
  'badger beacon birch brook canyon cedar cloud comet coral crane creek delta falcon fern finch forest garden glacier harbor heron island lagoon lantern maple meadow moon moose mountain otter panda pebble pine planet prairie raven reef river rocket sparrow star stream tiger valley willow wolf'.split(
    ' ',
  );

/** Two words that are easier to say than an id; not unique. */
export function createSlug(): string {
  return `${ADJECTIVES[randomInt(ADJECTIVES.length)]}-${NOUNS[randomInt(NOUNS.length)]}`;
}
