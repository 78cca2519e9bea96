interface Turn {
  readonly user: string;
  /** Whether the user taps a suggested reply in place of writing. */
  readonly tap?: true;
  readonly agent: string;
}

export type DemoTopic = 'sales' | 'support' | 'clinic';

/** Conversations by topic, each as its turns. */
export const SCRIPTS: Readonly<Record<DemoTopic, readonly (readonly Turn[])[]>> = {
  sales: [
    [
      { user: 'Hi, do you ship to Canada?', agent: 'We do! It takes 4 to 6 business days.' },
      { user: 'How much is it?', agent: 'Shipping is free from $75, and $9 below that.' },
      { user: 'Great, thanks', agent: 'My pleasure. Anything else I can help with?' },
    ],
    [
      { user: 'I would like to see a demo', agent: 'Happy to set one up. What does your team do?' },
      { user: 'We run support for a chain of clinics', agent: 'How many people would use it?' },
      { user: 'About 40', agent: 'Then our Team plan fits. Shall I find you a time this week?' },
      {
        user: 'Thursday afternoon?',
        agent: 'Thursday at 2 pm is free. Which e-mail may I invite?',
      },
      {
        user: 'dana@brightclinics.example',
        agent: 'Done: you will have the invitation in a minute.',
      },
    ],
    [
      { user: 'My order has not arrived', agent: 'I am sorry to hear that. What is its number?' },
      { user: '#10482', agent: 'It left our warehouse on Monday and should reach you tomorrow.' },
    ],
    [
      {
        user: 'What does the Pro plan cost?',
        agent: 'It is $49 per seat and month, billed yearly.',
      },
      {
        user: 'Is there a discount for non-profits?',
        agent: 'Yes, 30 %. Shall I start the request?',
      },
      {
        user: 'Yes please',
        tap: true,
        agent: 'Started. A colleague will confirm it by e-mail today.',
      },
    ],
    [
      {
        user: 'Can I talk to a human?',
        agent: 'Of course. You reach the team at +1 415 555 0132.',
      },
    ],
  ],
  support: [
    [
      {
        user: 'The export stops at 90 percent',
        agent: 'That should not happen. How many rows does the report have?',
      },
      {
        user: 'About 40,000',
        agent:
          'Reports of more than 25,000 rows are exported in parts. Under Settings, Exports, switch on "Split large exports" and start it again.',
      },
      { user: 'That worked', tap: true, agent: 'Good to hear. I have noted it for our team too.' },
    ],
    [
      {
        user: 'How do I add a colleague?',
        agent: 'Under Settings, Members, choose "Invite" and enter the e-mail address.',
      },
      { user: 'Can they have read access only?', agent: 'Yes: choose the role Viewer.' },
    ],
    [
      {
        user: 'I was charged twice this month',
        agent: 'I am sorry about that. Which invoice numbers do you see?',
      },
      {
        user: 'INV-2041 and INV-2044',
        agent:
          'Thank you. I have opened a ticket with our billing team: number 58213. You will hear from them within one working day.',
      },
      { user: 'ok', agent: 'Is there anything else that I can do for you?' },
      { user: 'No, that is all', tap: true, agent: 'Thank you for your patience.' },
    ],
    [
      {
        user: 'I cannot sign in',
        agent: 'Let us find out why. Do you see a message, or does the page stay empty?',
      },
      {
        user: 'It says my link has expired',
        agent: 'I have sent you a new one. It is valid for 15 minutes.',
      },
    ],
  ],
  clinic: [
    [
      {
        user: 'I need an appointment for a check-up',
        agent: 'I can help with that. Do mornings or afternoons suit you better?',
      },
      { user: 'Mornings', tap: true, agent: 'Wednesday at 9:20 or Friday at 10:40?' },
      {
        user: 'Friday',
        tap: true,
        agent: 'You are booked for Friday at 10:40. Please bring your insurance card.',
      },
    ],
    [
      {
        user: 'Can I move my appointment to next week?',
        agent: 'Of course. Tuesday at 11:00 is free, and Thursday at 8:40.',
      },
      { user: 'Tuesday please', agent: 'It is moved to Tuesday at 11:00. See you then.' },
    ],
    [
      {
        user: 'Are you open on Saturday?',
        agent: 'On Saturdays from 9:00 to 12:00, for booked appointments only.',
      },
    ],
  ],
};
