import { Body, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import {
  BadRequestError,
  documentSchema,
  TuiAppendPromptInput,
  TuiEventType,
  TuiExecuteCommandInput,
  TuiSessionSelectProperties,
  TuiToastShowProperties,
  validateItem,
} from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { TuiService } from '#libs/tui';
import { answers } from '../answers.js';

/** What terminal clients of the instance are told to do. */
@ApiTags('Tui')
@OpencodeController('tui')
export class TuiController {
  constructor(private readonly tui: TuiService) {}

  @Post('append-prompt')
  @Operation({ id: 'tui.appendPrompt', summary: 'Add text to the prompt', answer: answers.yes, errors: [400] })
  appendPrompt(@CurrentInstance() instance: Instance, @Body() { text }: TuiAppendPromptInput): boolean {
    this.tui.appendPrompt(instance, text);
    return true;
  }

  @Post('open-help')
  @Operation({ id: 'tui.openHelp', summary: 'Open the help', answer: answers.yes })
  openHelp(@CurrentInstance() instance: Instance): boolean {
    return this.command(instance, 'help.show');
  }

  @Post('open-sessions')
  @Operation({ id: 'tui.openSessions', summary: 'Open the list of sessions', answer: answers.yes })
  openSessions(@CurrentInstance() instance: Instance): boolean {
    return this.command(instance, 'session.list');
  }

  @Post('open-themes')
  @Operation({ id: 'tui.openThemes', summary: 'Open the list of themes', answer: answers.yes })
  openThemes(@CurrentInstance() instance: Instance): boolean {
    return this.command(instance, 'theme.switch');
  }

  @Post('open-models')
  @Operation({ id: 'tui.openModels', summary: 'Open the list of models', answer: answers.yes })
  openModels(@CurrentInstance() instance: Instance): boolean {
    return this.command(instance, 'model.list');
  }

  @Post('submit-prompt')
  @Operation({ id: 'tui.submitPrompt', summary: 'Send the prompt', answer: answers.yes })
  submitPrompt(@CurrentInstance() instance: Instance): boolean {
    return this.command(instance, 'prompt.submit');
  }

  @Post('clear-prompt')
  @Operation({ id: 'tui.clearPrompt', summary: 'Clear the prompt', answer: answers.yes })
  clearPrompt(@CurrentInstance() instance: Instance): boolean {
    return this.command(instance, 'prompt.clear');
  }

  @Post('execute-command')
  @Operation({ id: 'tui.executeCommand', summary: 'Execute a command', answer: answers.yes, errors: [400] })
  executeCommand(@CurrentInstance() instance: Instance, @Body() { command }: TuiExecuteCommandInput): boolean {
    this.tui.executeCommand(instance, command);
    return true;
  }

  @Post('show-toast')
  @Operation({ id: 'tui.showToast', summary: 'Show a short message', answer: answers.yes, errors: [400] })
  showToast(@CurrentInstance() instance: Instance, @Body() toast: TuiToastShowProperties): boolean {
    this.tui.showToast(instance, toast);
    return true;
  }

  @Post('publish')
  @ApiBody({ required: false, schema: documentSchema(TuiEventType) })
  @Operation({ id: 'tui.publish', summary: 'Publish an event for the clients', answer: answers.yes, errors: [400] })
  publish(@CurrentInstance() instance: Instance, @Body() body: unknown = {}): boolean {
    const { value, issues } = validateItem(TuiEventType, body);
    if (issues) throw new BadRequestError(body, issues);
    this.tui.publish(instance, value);
    return true;
  }

  @Post('select-session')
  @Operation({ id: 'tui.selectSession', summary: 'Show a session', answer: answers.yes, errors: [400, 404] })
  async selectSession(
    @CurrentInstance() instance: Instance,
    @Body() { sessionID }: TuiSessionSelectProperties,
  ): Promise<boolean> {
    await this.tui.selectSession(instance, sessionID);
    return true;
  }

  private command(instance: Instance, command: string): boolean {
    this.tui.command(instance, command);
    return true;
  }
}
