import type { ComponentChildren } from 'preact';

/** The macaw itself: head, face and the feathers in gold, green and blue. */
export function Bird({ size = 40 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 72 66" aria-hidden="true" focusable="false">
      <path
        fill="#E5383B"
        d="M11 60C7 40 9 24 18 14 25 6 35 3 43 6c8 3 12 9 12 17-8-1-13 4-13 11 0 10-2 18-6 26Z"
      />
      <path fill="#F5B700" d="M11 60C8.6 49 8.6 40 11 31c9 4 15 14 16 29Z" />
      <path fill="#12A150" d="M11 60C9 52 9 45 10 39c7 4 11 11 12 21Z" />
      <path fill="#1570EF" d="M11 60c-1.2-5-1.6-9-1.5-13 4.5 3 7 8 7.5 13Z" />
      <path fill="#fff" d="M33 19c1-7 9-10 16-6 4 3 6 6 6 10.5C47 22 42.5 26 42 33c-6-2-9.5-7-9-14Z" />
      <path
        fill="#1B212C"
        d="M42 34c0-8 5-12 12.5-11C61 24 64 31 62 40c-.7 3.6-2 6-3.5 7.5C58.5 42 54.5 38.5 49 38.5c-4.5 0-7-1-7-4.5ZM44.5 40.5c4.5.2 7.5 2.5 8 7-5 .3-8-2.2-8-7ZM43 16.6a3 3 0 1 0 .010 0Z"
      />
    </svg>
  );
}

function Line({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const SendIcon = () => (
  <Line>
    <path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" />
  </Line>
);
export const CloseIcon = () => (
  <Line>
    <path d="M6 9.5 12 15.5l6-6" />
  </Line>
);
export const PersonIcon = () => (
  <Line size={16}>
    <path d="M4 13v-1a8 8 0 0 1 16 0v1M4 14.5A1.5 1.5 0 0 1 5.5 13H7v6H5.5A1.5 1.5 0 0 1 4 17.5ZM20 14.5a1.5 1.5 0 0 0-1.5-1.5H17v6h1.5a1.5 1.5 0 0 0 1.5-1.5ZM20 18c0 2-2 3-5 3h-2" />
  </Line>
);
export const DownIcon = () => (
  <Line size={18}>
    <path d="M12 5v14M5.5 12.5 12 19l6.5-6.5" />
  </Line>
);
export const TickIcon = () => (
  <Line size={14}>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Line>
);
export const TicksIcon = () => (
  <Line size={16}>
    <path d="m2.5 12.5 4.5 4.5 8.5-9M12.5 16.5l.5.5 8.5-9" />
  </Line>
);
export const ClockIcon = () => (
  <Line size={13}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </Line>
);
export const AlertIcon = () => (
  <Line size={15}>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7.5v5M12 16.3v.1" />
  </Line>
);
export const SparkIcon = () => (
  <svg width="12" height="12" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path fill="currentColor" d="M12 1.5 14.6 9 22.5 12l-7.9 3L12 22.5 9.4 15 1.5 12l7.9-3Z" />
  </svg>
);
export const FileIcon = () => (
  <Line>
    <path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8ZM14 3v5h5" />
  </Line>
);
export const BookIcon = () => (
  <Line size={14}>
    <path d="M5 4.500h9.500a3 3 0 0 1 3 3V20H8a3 3 0 0 1-3-3ZM5 17a3 3 0 0 1 3-3h9.500" />
  </Line>
);
export const ClipIcon = () => (
  <Line>
    <path d="m20 11.5-8 8a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400l7.700-7.700" />
  </Line>
);
export const XIcon = () => (
  <Line size={16}>
    <path d="M6 6l12 12M18 6 6 18" />
  </Line>
);
export const RetryIcon = () => (
  <Line size={16}>
    <path d="M20 12a8 8 0 1 1-2.300-5.600M20 3v4.500h-4.500" />
  </Line>
);
export const BackIcon = () => (
  <Line>
    <path d="M14.5 5.500 8 12l6.500 6.500" />
  </Line>
);
export const GoIcon = () => (
  <Line size={16}>
    <path d="m9 5 7 7-7 7" />
  </Line>
);
export const BellIcon = ({ off }: { off: boolean }) => (
  <Line size={15}>
    <path d="M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15ZM10 21h4" />
    {off && <path d="M4 4l16 16" />}
  </Line>
);
export const StarIcon = () => (
  <svg width="30" height="30" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path
      fill="currentColor"
      d="m12 2.600 2.900 5.900 6.500.900-4.700 4.600 1.100 6.500L12 17.400l-5.800 3.100 1.100-6.500L2.600 9.400l6.500-.900Z"
    />
  </svg>
);
export const QuoteIcon = () => (
  <Line size={15}>
    <path d="M9 6 4 11l5 5M4.500 11H14a6 6 0 0 1 6 6v1" />
  </Line>
);
export const UndoIcon = () => (
  <Line size={15}>
    <path d="M4 12a8 8 0 1 0 2.300-5.600L4 8.500M4 4v4.500h4.500" />
  </Line>
);
