/** The colours of one picture. All are of one family of hues, so that a page full of pictures is calm. */
export type Palette = {
  /** The wall behind, from top to bottom. */
  wall: [string, string]
  table: string
  /** What the thing is made of: in light, in its own colour, in shade. */
  light: string
  main: string
  deep: string
  /** What it is painted or trimmed with. */
  accent: string
  cream: string
  ink: string
}

export const palettes = {
  atlantic: {
    wall: ['#eef3f8', '#d8e4f0'],
    table: '#c2d2e4',
    light: '#7ea3d8',
    main: '#2f5fae',
    deep: '#173a7a',
    accent: '#e2a93b',
    cream: '#fbfaf5',
    ink: '#122b5c',
  },
  clay: {
    wall: ['#faf0e8', '#f0dccc'],
    table: '#e3c4ac',
    light: '#e39a70',
    main: '#c2683c',
    deep: '#8a3f20',
    accent: '#2f6f73',
    cream: '#fdf7ef',
    ink: '#5a2815',
  },
  olive: {
    wall: ['#f5f4e8', '#e4e5cc'],
    table: '#cfd0ad',
    light: '#a9b577',
    main: '#76853f',
    deep: '#4a5624',
    accent: '#c8743c',
    cream: '#fbfaf0',
    ink: '#333c18',
  },
  limestone: {
    wall: ['#f7f4ee', '#e9e2d5'],
    table: '#d8cdb9',
    light: '#fdfaf3',
    main: '#e6dcc8',
    deep: '#b5a588',
    accent: '#35609b',
    cream: '#fffdf8',
    ink: '#5c5140',
  },
  saffron: {
    wall: ['#fdf5e3', '#f6e4bd'],
    table: '#e6cb91',
    light: '#f4c761',
    main: '#dc9c26',
    deep: '#a06a10',
    accent: '#24588f',
    cream: '#fffaf0',
    ink: '#5f3f09',
  },
  rose: {
    wall: ['#fbf0ee', '#f3dcd8'],
    table: '#e5c2bc',
    light: '#eab3a8',
    main: '#cc7f74',
    deep: '#94504a',
    accent: '#4d6b58',
    cream: '#fffaf8',
    ink: '#5c2d2a',
  },
  night: {
    wall: ['#e6e9f0', '#ccd3e1'],
    table: '#aab5ca',
    light: '#5a6b91',
    main: '#2c3a5c',
    deep: '#17213a',
    accent: '#dba24a',
    cream: '#f6f5f0',
    ink: '#10182c',
  },
  forest: {
    wall: ['#eef4ef', '#d6e5da'],
    table: '#b7cfbe',
    light: '#6fa585',
    main: '#35704f',
    deep: '#1c4631',
    accent: '#d98f45',
    cream: '#f9fbf6',
    ink: '#143423',
  },
  cork: {
    wall: ['#f8f3ea', '#ebdfcc'],
    table: '#d3c0a2',
    light: '#dcb988',
    main: '#c1955c',
    deep: '#8c6436',
    accent: '#31598f',
    cream: '#fdf9f1',
    ink: '#553a1b',
  },
  oak: {
    wall: ['#f4f1ec', '#e2dcd2'],
    table: '#cbbfae',
    light: '#d3a877',
    main: '#a8754a',
    deep: '#6d4526',
    accent: '#5f7d6a',
    cream: '#fbf8f2',
    ink: '#422813',
  },
} satisfies Record<string, Palette>

/** The name of a palette. */
export type PaletteName = keyof typeof palettes
