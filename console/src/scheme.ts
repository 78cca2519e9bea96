import { schemeOf, storedScheme } from './scheme-choice.ts';

// Loaded before anything is drawn: a page that is drawn in the other scheme first would flash.
document.documentElement.setAttribute('data-mantine-color-scheme', schemeOf(storedScheme()));
