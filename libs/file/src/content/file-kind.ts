import { extname } from 'node:path';

/** How a file is handed out; `empty`: it is known by its name that nobody can read it as text. */
export type FileKind = { form: 'text' } | { form: 'empty'; mimeType?: string } | { form: 'base64'; mimeType: string };

const IMAGES: Readonly<Record<string, string>> = {
  ...sameName('png gif bmp webp tiff avif apng jxl heic heif', 'image/'),
  ...sameName('raw cr2 nef arw dng orf raf pef x3f tga', 'image/x-'),
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', tif: 'image/tiff', ico: 'image/x-icon' },
  ...{ svg: 'image/svg+xml', svgz: 'image/svg+xml' },
};

/** Archives, programs, documents, sound, films, fonts and databases. Scripts are text, whatever runs them. */
const BINARY = new Set(
  (
    'exe dll pdb bin so dylib o a lib wav mp3 ogg oga ogv ogx flac aac wma m4a weba mp4 avi mov wmv flv webm mkv ' +
    'zip tar gz gzip bz bz2 bzip bzip2 7z rar xz lz z pdf doc docx ppt pptx xls xlsx dmg iso img vmdk ' +
    'ttf otf woff woff2 eot sqlite db mdb apk ipa aab xapk app pkg deb rpm snap flatpak appimage msi msp ' +
    'jar war ear class kotlin_module dex vdex odex oat art wasm bc ko sys drv efi rom com'
  ).split(' '),
);

const MEDIA: Readonly<Record<string, string>> = {
  ...{ mid: 'audio/midi', midi: 'audio/midi', kar: 'audio/midi', rmi: 'audio/midi' },
  ...{ aif: 'audio/x-aiff', aiff: 'audio/x-aiff', aifc: 'audio/x-aiff', au: 'audio/basic', snd: 'audio/basic' },
  ...{ opus: 'audio/ogg', mp2: 'audio/mpeg', mpga: 'audio/mpeg', m4b: 'audio/mp4', mka: 'audio/x-matroska' },
  ...{ mpg: 'video/mpeg', mpeg: 'video/mpeg', m4v: 'video/x-m4v', '3gp': 'video/3gpp', '3g2': 'video/3gpp2' },
  ...{ qt: 'video/quicktime', vob: 'video/x-ms-vob', asf: 'video/x-ms-asf', ttc: 'font/collection' },
  ...{ glb: 'model/gltf-binary', stl: 'model/stl', '3mf': 'model/3mf' },
};

/** What the extension says, in any case of letters. */
export function fileKind(name: string): FileKind {
  const extension = extname(name).slice(1).toLowerCase();
  const image = own(IMAGES, extension);
  if (image !== undefined) return { form: 'base64', mimeType: image };
  if (BINARY.has(extension)) return { form: 'empty' };
  const media = own(MEDIA, extension);
  return media === undefined ? { form: 'text' } : { form: 'empty', mimeType: media };
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function sameName(names: string, prefix: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, prefix + name]));
}
