import { InlineSchema } from '#libs/contract';

/** Nothing is to be said. */
@InlineSchema()
export class PlanInput {}
