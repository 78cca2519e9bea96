import { Badge, createTheme, localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './graphql/client.ts';
import { router } from './router.tsx';
import { SCHEME_STORED } from './scheme-choice.ts';
import { keepSignedIn } from './session/renewal.ts';

/** The policy of the page refuses style elements without it. */
const nonce = document.querySelector<HTMLLinkElement>('link[nonce]')?.nonce ?? '';
setNonce(nonce);

const theme = createTheme({
  primaryColor: 'indigo',
  // White text on lighter shades has too little contrast.
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Badge: Badge.extend({ defaultProps: { variant: 'light', tt: 'none', fw: 600 } }),
    // The placeholder is an element that may not be part of a menu (ARIA 1.2).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
});
const schemes = localStorageColorSchemeManager({ key: SCHEME_STORED });

keepSignedIn();

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element for the console');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
