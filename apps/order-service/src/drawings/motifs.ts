import type { Brush } from './brush.ts'
import * as cork from './motifs/cork.ts'
import * as furniture from './motifs/furniture.ts'
import * as garden from './motifs/garden.ts'
import * as kitchen from './motifs/kitchen.ts'
import * as lighting from './motifs/lighting.ts'
import * as textiles from './motifs/textiles.ts'
import * as tiles from './motifs/tiles.ts'
import * as vessels from './motifs/vessels.ts'

/** Draws one kind of thing. `whole`: it fills the picture by itself; else a room is drawn behind it. */
type Motif = { draw: (brush: Brush) => string; whole?: true }

export const motifs = {
  vase: { draw: vessels.vase },
  jug: { draw: vessels.jug },
  mug: { draw: vessels.mug },
  bowl: { draw: vessels.bowl },
  plate: { draw: vessels.plate },
  teapot: { draw: vessels.teapot },
  planter: { draw: vessels.planter },
  canister: { draw: vessels.canister },
  'tile-pattern': { draw: tiles.tilePattern, whole: true },
  'tile-scales': { draw: tiles.scaleTiles, whole: true },
  'tile-check': { draw: tiles.checkTiles, whole: true },
  'tile-single': { draw: tiles.singleTile },
  'tile-figure': { draw: tiles.figureTile },
  'tile-relief': { draw: tiles.reliefTile },
  trivet: { draw: cork.trivet },
  coasters: { draw: cork.coasters },
  'cork-bowl': { draw: cork.corkBowl },
  'cork-bag': { draw: cork.corkBag },
  notebooks: { draw: cork.notebooks },
  'cork-stool': { draw: cork.corkStool },
  cushion: { draw: textiles.cushion },
  blanket: { draw: textiles.blanket },
  towel: { draw: textiles.towel },
  rug: { draw: textiles.rug, whole: true },
  board: { draw: kitchen.board },
  utensils: { draw: kitchen.utensils },
  cataplana: { draw: kitchen.cataplana },
  pan: { draw: kitchen.pan },
  mill: { draw: kitchen.mill },
  kettle: { draw: kitchen.kettle },
  tins: { draw: kitchen.tins },
  'table-lamp': { draw: lighting.tableLamp },
  pendant: { draw: lighting.pendant },
  lantern: { draw: lighting.lantern },
  'floor-lamp': { draw: lighting.floorLamp },
  candle: { draw: lighting.candle },
  'wall-lamp': { draw: lighting.wallLamp },
  'potted-plant': { draw: garden.pottedPlant },
  'empty-pots': { draw: garden.emptyPots },
  'hanging-pot': { draw: garden.hangingPot },
  'watering-can': { draw: garden.wateringCan },
  birdhouse: { draw: garden.birdhouse },
  tools: { draw: garden.tools },
  chair: { draw: furniture.chair },
  stool: { draw: furniture.stool },
  'side-table': { draw: furniture.sideTable },
  bench: { draw: furniture.bench },
  shelf: { draw: furniture.shelf },
  mirror: { draw: furniture.mirror },
  armchair: { draw: furniture.armchair },
  cabinet: { draw: furniture.cabinet },
} satisfies Record<string, Motif>

/** The name of a motif. */
export type MotifName = keyof typeof motifs
