import { Module } from '@nestjs/common';
import { PageController } from './page.controller.js';

/** A page to work with the sessions of a directory in a browser. It uses the API like any other client. */
@Module({ controllers: [PageController] })
export class WebModule {}
