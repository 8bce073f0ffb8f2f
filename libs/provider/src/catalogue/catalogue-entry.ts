import type { CatalogueModel, CatalogueProvider } from '#libs/contract';

/** A model as the catalogue has it. Files come from elsewhere: any field may be missing. */
export type CatalogueModelEntry = Partial<CatalogueModel>;

/** A provider as the catalogue has it. */
export type CatalogueEntry = Partial<Omit<CatalogueProvider, 'models'>> & {
  models?: Record<string, CatalogueModelEntry>;
};

/** All providers by id. */
export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
