/*
 * The package entry `agent-api/prompt`: a runtime imports the same code that this server previews
 * prompts with. It depends on nothing but `node:crypto`.
 */
export { type Prompt, type PromptInput, type PromptSpan, promptOf } from './prompt.ts';
export type { PromptAgent, PromptSources, Recipient } from './prompt-composition.ts';
export type { PromptSection } from './prompt-parts.ts';
export {
  countedTexts,
  type PromptItemSize,
  type PromptSectionSize,
  type PromptSize,
  promptSize,
} from './prompt-size.ts';
export type { Withheld, WithheldKind, WithheldReason } from './prompt-withheld.ts';
export {
  type BoundTool,
  type ProblemOfTool,
  type ToolProblem,
  toolProblem,
} from './tool-problems.ts';
