import type { CategoryId } from '#src/domain/product.ts'
import type { PaletteName } from '#src/drawings/palettes.ts'

type Pair = readonly [en: string, pt: string]

/** The words that all products share. This file is data: texts are [English, Brazilian Portuguese]. */
export const categoryNames: Record<CategoryId, Pair> = {
  ceramics: ['Ceramics', 'Cerâmica'],
  tiles: ['Azulejo tiles', 'Azulejos'],
  cork: ['Cork', 'Cortiça'],
  textiles: ['Linen & wool', 'Linho e lã'],
  kitchen: ['Kitchen', 'Cozinha'],
  lighting: ['Lighting', 'Iluminação'],
  garden: ['Garden', 'Jardim'],
  furniture: ['Furniture', 'Móveis'],
}

/** What a colour is called after a product's name, and the sentence that it adds to the description. */
export const colours: Record<PaletteName, { name: Pair; sentence: Pair }> = {
  atlantic: {
    name: ['Atlantic blue', 'azul-atlântico'],
    sentence: ['In the blue of the sea off Nazaré at noon.', 'No azul do mar da Nazaré ao meio-dia.'],
  },
  clay: {
    name: ['terracotta', 'terracota'],
    sentence: ['In the red of freshly fired clay.', 'No vermelho do barro recém-queimado.'],
  },
  olive: {
    name: ['olive green', 'verde-oliva'],
    sentence: ['In the green of an olive grove in March.', 'No verde de um olival em março.'],
  },
  limestone: {
    name: ['limestone', 'calcário'],
    sentence: ['In the pale cream of Lisbon’s pavements.', 'No creme claro das calçadas de Lisboa.'],
  },
  saffron: {
    name: ['saffron', 'açafrão'],
    sentence: [
      'In the yellow of custard tarts and old trams.',
      'No amarelo dos pastéis de nata e dos velhos bondes.',
    ],
  },
  rose: {
    name: ['old rose', 'rosa-antigo'],
    sentence: ['In the faded pink of house fronts in Tavira.', 'No rosa desbotado das fachadas de Tavira.'],
  },
  night: {
    name: ['night blue', 'azul-noite'],
    sentence: ['In the dark blue of a July night.', 'No azul-escuro de uma noite de verão.'],
  },
  forest: {
    name: ['pine green', 'verde-pinho'],
    sentence: ['In the green of the pine forest behind the dunes.', 'No verde do pinhal atrás das dunas.'],
  },
  cork: {
    name: ['natural cork', 'cortiça natural'],
    sentence: [
      'In the brown of bark on the day it is stripped.',
      'No castanho da casca no dia em que é tirada.',
    ],
  },
  oak: {
    name: ['chestnut brown', 'castanho'],
    sentence: ['In the brown of roasted chestnuts.', 'No castanho das castanhas assadas.'],
  },
}

/** What things are made of, where that is made, and how it wants to be treated. */
export const materials = {
  stoneware: {
    name: ['Stoneware', 'Grês'],
    origin: ['Alcobaça', 'Alcobaça'],
    care: ['Dishwasher and microwave safe', 'Pode ir à lava-louças e ao micro-ondas'],
  },
  faience: {
    name: ['Faience, tin glaze', 'Faiança esmaltada'],
    origin: ['Coimbra', 'Coimbra'],
    care: ['Wipe with a soft cloth', 'Limpar com pano macio'],
  },
  terracotta: {
    name: ['Terracotta', 'Terracota'],
    origin: ['São Pedro do Corval', 'São Pedro do Corval'],
    care: ['Rinse with water', 'Enxaguar com água'],
  },
  cork: {
    name: ['Portuguese cork', 'Cortiça portuguesa'],
    origin: ['Coruche', 'Coruche'],
    care: ['Wipe with a damp cloth', 'Limpar com pano úmido'],
  },
  linen: {
    name: ['Linen', 'Linho'],
    origin: ['Guimarães', 'Guimarães'],
    care: ['Wash at 40 °C', 'Lavar a 40 °C'],
  },
  wool: {
    name: ['Portuguese wool', 'Lã portuguesa'],
    origin: ['Manteigas', 'Manteigas'],
    care: ['Air it; wash rarely and cold', 'Arejar; lavar pouco e a frio'],
  },
  cotton: {
    name: ['Organic cotton', 'Algodão orgânico'],
    origin: ['Guimarães', 'Guimarães'],
    care: ['Wash at 40 °C', 'Lavar a 40 °C'],
  },
  chestnut: {
    name: ['Chestnut wood', 'Madeira de castanheiro'],
    origin: ['Trás-os-Montes', 'Trás-os-Montes'],
    care: ['Oil once a year', 'Passar óleo uma vez por ano'],
  },
  olivewood: {
    name: ['Olive wood', 'Madeira de oliveira'],
    origin: ['Alentejo', 'Alentejo'],
    care: ['Wash by hand, oil sometimes', 'Lavar à mão, passar óleo às vezes'],
  },
  pine: {
    name: ['Maritime pine', 'Pinho-marítimo'],
    origin: ['Leiria', 'Leiria'],
    care: ['Dust with a dry cloth', 'Tirar o pó com pano seco'],
  },
  copper: {
    name: ['Copper, tinned', 'Cobre estanhado'],
    origin: ['Loulé', 'Loulé'],
    care: ['Wash by hand, dry at once', 'Lavar à mão e secar logo'],
  },
  iron: {
    name: ['Enamelled iron', 'Ferro esmaltado'],
    origin: ['Águeda', 'Águeda'],
    care: ['Wash by hand', 'Lavar à mão'],
  },
  steel: {
    name: ['Powder-coated steel', 'Aço com pintura eletrostática'],
    origin: ['Águeda', 'Águeda'],
    care: ['Wipe with a damp cloth', 'Limpar com pano úmido'],
  },
  tinplate: {
    name: ['Fish in olive oil', 'Peixe em azeite'],
    origin: ['Matosinhos', 'Matosinhos'],
    care: ['Keeps for five years', 'Dura cinco anos'],
  },
} satisfies Record<string, { name: Pair; origin: Pair; care: Pair }>

/** The name of a material. */
export type MaterialName = keyof typeof materials

/** The labels of the facts. */
export const labels = {
  material: ['Material', 'Material'],
  size: ['Size', 'Tamanho'],
  origin: ['Made in', 'Feito em'],
  care: ['Care', 'Cuidados'],
} satisfies Record<string, Pair>
