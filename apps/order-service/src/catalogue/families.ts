import type { CategoryId } from '#src/domain/product.ts'
import type { MotifName } from '#src/drawings/motifs.ts'
import type { PaletteName } from '#src/drawings/palettes.ts'
import type { MaterialName } from './words.ts'

/**
 * Things that the shop sells, each in several colours. This file is long because it is data: what the shop's buyers would keep.
 * Texts are [English, Brazilian Portuguese], prices cents of the first colour, sizes centimetres.
 */
export type Family = {
  slug: string
  category: CategoryId
  motif: MotifName
  name: [en: string, pt: string]
  story: [en: string, pt: string]
  price: number
  size: string
  material: MaterialName
  colours: PaletteName[]
}

const family = (
  category: CategoryId,
  slug: string,
  motif: MotifName,
  name: Family['name'],
  story: Family['story'],
  [price, size, material]: [number, string, MaterialName],
  colours: PaletteName[],
): Family => ({ category, slug, motif, name, story, price, size, material, colours })

const ceramics: Family[] = [
  family(
    'ceramics',
    'alentejo-jug',
    'jug',
    ['Alentejo water jug', 'Jarra de água Alentejo'],
    [
      'Thrown in a village that has made water jugs since anyone can remember. It keeps water cool on the hottest table.',
      'Torneada numa vila que faz jarras de água desde sempre. Mantém a água fresca na mesa mais quente.',
    ],
    [3890, '18 × 27', 'stoneware'],
    ['atlantic', 'clay', 'limestone', 'forest'],
  ),
  family(
    'ceramics',
    'douro-vase',
    'vase',
    ['Douro vase', 'Vaso Douro'],
    [
      'A slender neck over generous shoulders, like the terraces above the river. One branch is enough for it.',
      'Um gargalo fino sobre ombros generosos, como os socalcos acima do rio. Um só ramo já basta.',
    ],
    [4950, '20 × 29', 'stoneware'],
    ['atlantic', 'olive', 'rose', 'night', 'saffron'],
  ),
  family(
    'ceramics',
    'manha-mug',
    'mug',
    ['Manhã mug', 'Caneca Manhã'],
    [
      'A wide handle, a rounded lip and room for a proper galão. No two of them are quite the same.',
      'Alça larga, borda arredondada e espaço para um belo café com leite. Não há duas iguais.',
    ],
    [1690, '9 × 10', 'stoneware'],
    ['atlantic', 'clay', 'saffron', 'limestone', 'forest'],
  ),
  family(
    'ceramics',
    'serra-bowl',
    'bowl',
    ['Serra serving bowl', 'Tigela de servir Serra'],
    [
      'Deep enough for caldo verde for four, and handsome enough to stay on the table when it is empty.',
      'Funda o bastante para um caldo-verde para quatro e bonita o bastante para ficar na mesa vazia.',
    ],
    [3450, '26 × 12', 'stoneware'],
    ['olive', 'oak', 'atlantic', 'limestone'],
  ),
  family(
    'ceramics',
    'festa-plate',
    'plate',
    ['Festa painted plate', 'Prato pintado Festa'],
    [
      'Painted freehand by two sisters in Coimbra. Hang it, or serve on it: the glaze is made for both.',
      'Pintado à mão livre por duas irmãs em Coimbra. Pendure ou sirva: o esmalte aceita os dois.',
    ],
    [2980, 'Ø 27', 'faience'],
    ['atlantic', 'olive', 'saffron', 'rose', 'night'],
  ),
  family(
    'ceramics',
    'serao-teapot',
    'teapot',
    ['Serão teapot', 'Bule Serão'],
    [
      'For long evenings. The spout does not drip, the lid stays on when you pour, and the handle stays cool.',
      'Para noites longas. O bico não pinga, a tampa não cai ao servir e a alça não esquenta.',
    ],
    [5490, '24 × 17', 'stoneware'],
    ['rose', 'night', 'limestone', 'clay'],
  ),
  family(
    'ceramics',
    'despensa-jar',
    'canister',
    ['Despensa storage jar', 'Pote Despensa'],
    [
      'For coffee, bolachas or the sugar. The lid closes with a quiet, certain sound.',
      'Para café, bolachas ou açúcar. A tampa fecha com um som discreto e certeiro.',
    ],
    [2650, '14 × 20', 'stoneware'],
    ['clay', 'atlantic', 'oak', 'forest'],
  ),
]

const tiles: Family[] = [
  family(
    'tiles',
    'padrao-tiles',
    'tile-pattern',
    ['Padrão wall tiles, set of 16', 'Azulejos Padrão, jogo de 16'],
    [
      'A repeat pattern of the seventeenth century, screened by hand. Four tiles make a flower, sixteen make a garden.',
      'Um padrão do século XVII, serigrafado à mão. Quatro azulejos formam uma flor; dezesseis, um jardim.',
    ],
    [6400, '14 × 14', 'faience'],
    ['atlantic', 'saffron', 'olive', 'rose', 'night', 'forest'],
  ),
  family(
    'tiles',
    'rossio-tiles',
    'tile-pattern',
    ['Rossio wall tiles, set of 9', 'Azulejos Rossio, jogo de 9'],
    [
      'Drawn after the entrance hall of a Lisbon town house. Light and dark change places as you walk by.',
      'Desenhados a partir do hall de um sobrado de Lisboa. Claro e escuro trocam de lugar quando se passa.',
    ],
    [4200, '20 × 20', 'faience'],
    ['atlantic', 'clay', 'oak', 'limestone'],
  ),
  family(
    'tiles',
    'escama-tiles',
    'tile-scales',
    ['Escama scale tiles, one square metre', 'Azulejos Escama, um metro quadrado'],
    [
      'Fish scales for a kitchen wall, each dipped by hand, so that every row shimmers a little differently.',
      'Escamas para a parede da cozinha, cada uma esmaltada à mão: cada fileira brilha a seu modo.',
    ],
    [11800, '12 × 14', 'faience'],
    ['forest', 'atlantic', 'clay', 'night'],
  ),
  family(
    'tiles',
    'xadrez-tiles',
    'tile-check',
    ['Enxaquetado tiles, one square metre', 'Azulejos Enxaquetados, um metro quadrado'],
    [
      'The oldest Portuguese pattern: squares and strips set aslant. It makes low rooms look higher.',
      'O padrão português mais antigo: quadrados e frisos na diagonal. Faz o teto parecer mais alto.',
    ],
    [9800, '14 × 14', 'faience'],
    ['atlantic', 'saffron', 'forest', 'rose'],
  ),
  family(
    'tiles',
    'figura-tile',
    'tile-figure',
    ['Figura avulsa tile', 'Azulejo Figura Avulsa'],
    [
      'One figure, painted in a few quick strokes, as on the kitchens of old manor houses. Collect a menagerie.',
      'Uma figura só, em poucas pinceladas, como nas cozinhas dos solares antigos. Comece uma coleção.',
    ],
    [1450, '14 × 14', 'faience'],
    ['atlantic', 'night', 'saffron', 'clay', 'forest'],
  ),
  family(
    'tiles',
    'estrela-tile',
    'tile-relief',
    ['Estrela relief tile', 'Azulejo em relevo Estrela'],
    [
      'Pressed in a wooden mould and glazed in one colour; the glaze gathers in the hollows and draws the star.',
      'Prensado em molde de madeira e esmaltado numa só cor; o esmalte pousa nos vãos e desenha a estrela.',
    ],
    [1890, '15 × 15', 'faience'],
    ['forest', 'oak', 'limestone', 'clay'],
  ),
  family(
    'tiles',
    'azenhas-tile',
    'tile-single',
    ['Azenhas trivet tile', 'Azulejo descanso de panela Azenhas'],
    [
      'A single pattern tile on a felt back: a trivet for the teapot, or a small picture for a narrow wall.',
      'Um azulejo com base de feltro: descanso para o bule ou quadrinho para uma parede estreita.',
    ],
    [1690, '15 × 15', 'faience'],
    ['atlantic', 'saffron', 'olive', 'clay'],
  ),
]

const cork: Family[] = [
  family(
    'cork',
    'sobreiro-trivet',
    'trivet',
    ['Sobreiro trivet', 'Descanso de panela Sobreiro'],
    [
      'Solid cork, printed with water-based ink. It carries a pan straight from the oven and never slips.',
      'Cortiça maciça, impressa com tinta à base de água. Aguenta a panela direto do forno e não escorrega.',
    ],
    [1490, 'Ø 22', 'cork'],
    ['atlantic', 'clay', 'olive', 'night'],
  ),
  family(
    'cork',
    'tertulia-coasters',
    'coasters',
    ['Tertúlia coasters, set of 5', 'Porta-copos Tertúlia, jogo de 5'],
    [
      'For glasses that are put down in the middle of a good story. Wipes clean, keeps the table dry.',
      'Para copos largados no meio de uma boa história. Fáceis de limpar, deixam a mesa seca.',
    ],
    [1290, 'Ø 10', 'cork'],
    ['atlantic', 'rose', 'forest', 'saffron'],
  ),
  family(
    'cork',
    'montado-bowl',
    'cork-bowl',
    ['Montado fruit bowl', 'Fruteira Montado'],
    [
      'Turned from one block of agglomerate. Fruit ripens gently in it, because cork breathes.',
      'Torneada de um único bloco. A fruta amadurece devagar, porque a cortiça respira.',
    ],
    [3990, 'Ø 30', 'cork'],
    ['saffron', 'forest', 'clay', 'night'],
  ),
  family(
    'cork',
    'feira-bag',
    'cork-bag',
    ['Feira market bag', 'Bolsa de feira'],
    [
      'Cork fabric on a cotton back: light as a leaf, happy in the rain, and soft after a week.',
      'Tecido de cortiça com forro de algodão: leve como folha, amiga da chuva e macia em uma semana.',
    ],
    [7450, '34 × 26', 'cork'],
    ['clay', 'night', 'olive', 'atlantic'],
  ),
  family(
    'cork',
    'rascunho-notebooks',
    'notebooks',
    ['Rascunho notebooks, set of 2', 'Cadernos Rascunho, jogo de 2'],
    [
      'Thread-sewn, 160 pages of unbleached paper, a cover of cork skin. They lie flat when they are open.',
      'Costurados à mão, 160 páginas de papel natural, capa de pele de cortiça. Abrem por completo.',
    ],
    [2180, '15 × 21', 'cork'],
    ['atlantic', 'saffron', 'rose', 'forest'],
  ),
  family(
    'cork',
    'rolha-stool',
    'cork-stool',
    ['Rolha stool', 'Banquinho Rolha'],
    [
      'A seat, a side table, a step to the high shelf. It weighs four kilos and forgives every bare toe.',
      'Assento, mesinha, degrau para a prateleira alta. Pesa quatro quilos e perdoa qualquer topada.',
    ],
    [12900, '34 × 42', 'cork'],
    ['limestone', 'forest', 'clay', 'atlantic'],
  ),
]

const textiles: Family[] = [
  family(
    'textiles',
    'lencos-cushion',
    'cushion',
    ['Minho cushion', 'Almofada Minho'],
    [
      'Patterns of the north, woven and stitched in a family mill. The filling is Portuguese wool, which keeps its shape.',
      'Padrões do norte, tecidos e bordados numa fábrica de família. O enchimento é de lã portuguesa, que não deforma.',
    ],
    [4290, '45 × 45', 'linen'],
    ['rose', 'atlantic', 'olive', 'saffron', 'night'],
  ),
  family(
    'textiles',
    'estrela-blanket',
    'blanket',
    ['Serra da Estrela blanket', 'Manta Serra da Estrela'],
    [
      'Felted mountain wool, as shepherds wear it. Wind does not pass, and it will outlast its first owner.',
      'Lã de montanha feltrada, como a dos pastores. O vento não passa e ela sobrevive ao primeiro dono.',
    ],
    [12400, '140 × 200', 'wool'],
    ['forest', 'oak', 'limestone', 'night'],
  ),
  family(
    'textiles',
    'ria-towel',
    'towel',
    ['Ria linen towel', 'Toalha de linho Ria'],
    [
      'Washed linen that dries in an hour and grows softer with every summer. Fringes knotted by hand.',
      'Linho lavado que seca em uma hora e fica mais macio a cada verão. Franjas atadas à mão.',
    ],
    [3680, '70 × 140', 'linen'],
    ['atlantic', 'olive', 'clay', 'saffron'],
  ),
  family(
    'textiles',
    'arraiolos-rug',
    'rug',
    ['Arraiolos rug', 'Tapete Arraiolos'],
    [
      'Stitched with long-armed cross stitch on jute, the way it is done in Arraiolos since the fifteenth century.',
      'Bordado em ponto cruz oblíquo sobre juta, como se faz em Arraiolos desde o século XV.',
    ],
    [28900, '120 × 180', 'wool'],
    ['rose', 'atlantic', 'oak', 'olive'],
  ),
  family(
    'textiles',
    'tear-runner',
    'rug',
    ['Tear runner', 'Passadeira Tear'],
    [
      'Rag-woven from the selvedges of better cloth, on a loom that fills a room. Both sides are the right one.',
      'Tecida com ourelas de bons panos, num tear que ocupa uma sala. Os dois lados são o certo.',
    ],
    [8900, '70 × 200', 'cotton'],
    ['clay', 'forest', 'night', 'saffron'],
  ),
  family(
    'textiles',
    'varanda-throw',
    'towel',
    ['Varanda throw', 'Xale Varanda'],
    [
      'For the hour on the balcony when the sun is gone and nobody wants to go in.',
      'Para aquela hora na varanda em que o sol já foi e ninguém quer entrar.',
    ],
    [6900, '130 × 170', 'cotton'],
    ['rose', 'night', 'forest', 'clay'],
  ),
  family(
    'textiles',
    'sesta-cushion',
    'cushion',
    ['Sesta seat cushion', 'Almofada de assento Sesta'],
    [
      'Firm, flat and tied with tassels, for wooden chairs and long lunches.',
      'Firme, baixa e com borlas, para cadeiras de madeira e almoços longos.',
    ],
    [2950, '40 × 40', 'cotton'],
    ['forest', 'clay', 'limestone', 'oak'],
  ),
]

const kitchen: Family[] = [
  family(
    'kitchen',
    'lavrador-board',
    'board',
    ['Lavrador cutting board', 'Tábua de corte Lavrador'],
    [
      'Cut from one plank, oiled three times. Bread on one side, everything else on the other.',
      'Cortada de uma só prancha, com três demãos de óleo. Pão de um lado, o resto do outro.',
    ],
    [3250, '24 × 42', 'chestnut'],
    ['oak', 'olive', 'clay', 'atlantic'],
  ),
  family(
    'kitchen',
    'colher-set',
    'utensils',
    ['Colher de pau set', 'Kit Colher de Pau'],
    [
      'Four olive-wood tools and the jar they live in. They do not scratch, and they do not mind garlic.',
      'Quatro utensílios de oliveira e o pote onde moram. Não riscam e não se importam com alho.',
    ],
    [4480, '13 × 34', 'olivewood'],
    ['clay', 'rose', 'atlantic', 'forest'],
  ),
  family(
    'kitchen',
    'cataplana',
    'cataplana',
    ['Algarve cataplana', 'Cataplana do Algarve'],
    [
      'Hammered copper, tinned inside, closed with two clasps. Clams, chouriço, white wine, ten minutes.',
      'Cobre martelado, estanhado por dentro, com dois fechos. Mariscos, linguiça, vinho branco, dez minutos.',
    ],
    [9900, 'Ø 28', 'copper'],
    ['clay', 'night', 'olive', 'saffron'],
  ),
  family(
    'kitchen',
    'domingo-casserole',
    'pan',
    ['Domingo casserole', 'Caçarola Domingo'],
    [
      'Enamelled cast iron that goes from flame to oven to table, for the dish that takes all of Sunday morning.',
      'Ferro esmaltado que vai do fogo ao forno e à mesa, para o prato que ocupa a manhã de domingo.',
    ],
    [13900, 'Ø 26', 'iron'],
    ['clay', 'forest', 'night', 'rose'],
  ),
  family(
    'kitchen',
    'sal-mills',
    'mill',
    ['Sal e Pimenta mills', 'Moedores Sal e Pimenta'],
    [
      'A tall one and a short one, with ceramic grinders that salt cannot harm. Twist, and the kitchen smells.',
      'Um alto e um baixo, com moagem de cerâmica que o sal não estraga. Basta girar.',
    ],
    [5900, '7 × 24', 'chestnut'],
    ['atlantic', 'saffron', 'forest', 'clay'],
  ),
  family(
    'kitchen',
    'chaleira-kettle',
    'kettle',
    ['Chaleira kettle', 'Chaleira esmaltada'],
    [
      'Enamel on steel, a beechwood grip, and a whistle that is friendly before eight in the morning.',
      'Aço esmaltado, pega de faia e um apito simpático mesmo antes das oito.',
    ],
    [6450, '22 × 24', 'iron'],
    ['limestone', 'forest', 'clay', 'night', 'saffron'],
  ),
  family(
    'kitchen',
    'conservas',
    'tins',
    ['Conservas gift box, 7 tins', 'Caixa de conservas, 7 latas'],
    [
      'Sardines, mackerel and tuna, packed by hand in olive oil. The wrapping paper is worth keeping.',
      'Sardinha, cavala e atum, enlatados à mão em azeite. O papel de embrulho vale guardar.',
    ],
    [3200, '7 × 125 g', 'tinplate'],
    ['night', 'atlantic', 'saffron', 'clay'],
  ),
]

const lighting: Family[] = [
  family(
    'lighting',
    'farol-lamp',
    'table-lamp',
    ['Farol table lamp', 'Abajur Farol'],
    [
      'A glazed foot under a linen shade. It gives the light of a window at six in the evening.',
      'Pé esmaltado sob cúpula de linho. Dá a luz de uma janela às seis da tarde.',
    ],
    [8900, '30 × 48', 'stoneware'],
    ['atlantic', 'forest', 'clay', 'limestone', 'oak'],
  ),
  family(
    'lighting',
    'lua-pendant',
    'pendant',
    ['Lua pendant', 'Luminária pendente Lua'],
    [
      'Spun by hand, white inside. Hung low over a table it keeps the talk together.',
      'Repuxada à mão, branca por dentro. Baixa sobre a mesa, mantém a conversa junta.',
    ],
    [11900, 'Ø 38', 'steel'],
    ['olive', 'night', 'clay', 'saffron', 'atlantic'],
  ),
  family(
    'lighting',
    'romaria-lantern',
    'lantern',
    ['Romaria lantern', 'Lanterna Romaria'],
    [
      'Carried in processions, now at home on the terrace. The glass lifts out for cleaning.',
      'Já foi de procissão, agora mora na varanda. O vidro sai para limpar.',
    ],
    [6450, '22 × 36', 'steel'],
    ['night', 'rose', 'oak', 'forest'],
  ),
  family(
    'lighting',
    'sobreda-floor-lamp',
    'floor-lamp',
    ['Sobreda floor lamp', 'Luminária de piso Sobreda'],
    [
      'Beside the armchair, behind the book. The switch is where the hand already is.',
      'Ao lado da poltrona, atrás do livro. O interruptor fica onde a mão já está.',
    ],
    [18900, '44 × 156', 'steel'],
    ['olive', 'night', 'oak', 'clay'],
  ),
  family(
    'lighting',
    'velada-candlesticks',
    'candle',
    ['Velada candlesticks, set of 3', 'Castiçais Velada, jogo de 3'],
    [
      'Three heights for a long table, with candles of rapeseed wax that burn for nine hours.',
      'Três alturas para uma mesa comprida, com velas vegetais que duram nove horas.',
    ],
    [4990, '8 × 26', 'stoneware'],
    ['clay', 'rose', 'atlantic', 'oak'],
  ),
  family(
    'lighting',
    'ruela-wall-lamp',
    'wall-lamp',
    ['Ruela wall lamp', 'Arandela Ruela'],
    [
      'From the lamps of Alfama’s lanes, with a pleated shade that throws its light up and down.',
      'Das lamparinas das ruelas de Alfama, com cúpula plissada que joga luz para cima e para baixo.',
    ],
    [7450, '18 × 32', 'steel'],
    ['atlantic', 'saffron', 'forest', 'rose'],
  ),
]

const garden: Family[] = [
  family(
    'garden',
    'quintal-plant',
    'potted-plant',
    ['Quintal plant in a pot', 'Planta Quintal no vaso'],
    [
      'Grown slowly in the Oeste, potted by hand and sent with a card that says what it likes.',
      'Cultivada sem pressa no Oeste, plantada à mão e enviada com um cartão que diz do que ela gosta.',
    ],
    [3480, '24 × 45', 'terracotta'],
    ['clay', 'limestone', 'atlantic', 'forest', 'saffron'],
  ),
  family(
    'garden',
    'patio-pots',
    'empty-pots',
    ['Pátio pots, set of 2', 'Vasos Pátio, jogo de 2'],
    [
      'Frost-hard, with a good hole in the bottom. The big one takes a lemon tree, the small one its basil.',
      'Resistentes ao tempo e bem furados. O grande aceita um limoeiro; o pequeno, o manjericão.',
    ],
    [5600, 'Ø 32 / 22', 'terracotta'],
    ['atlantic', 'clay', 'night', 'olive', 'saffron'],
  ),
  family(
    'garden',
    'cascata-hanging-pot',
    'hanging-pot',
    ['Cascata hanging pot', 'Vaso suspenso Cascata'],
    [
      'For everything that wants to fall. Comes with its cord, its hook and a saucer that nobody sees.',
      'Para tudo o que gosta de cair. Vem com corda, gancho e um pratinho que ninguém vê.',
    ],
    [3990, 'Ø 24', 'stoneware'],
    ['forest', 'oak', 'limestone', 'clay'],
  ),
  family(
    'garden',
    'orvalho-watering-can',
    'watering-can',
    ['Orvalho watering can', 'Regador Orvalho'],
    [
      'Six litres, balanced so that the last drop is as easy as the first. The rose is brass.',
      'Seis litros, equilibrado para que a última gota saia fácil como a primeira. O crivo é de latão.',
    ],
    [5250, '40 × 34', 'steel'],
    ['olive', 'atlantic', 'night', 'clay'],
  ),
  family(
    'garden',
    'andorinha-birdhouse',
    'birdhouse',
    ['Andorinha birdhouse', 'Casa de passarinho Andorinha'],
    [
      'Untreated wood inside, weatherproof paint outside, an entrance of 32 mm: tits and sparrows approve.',
      'Madeira sem tratamento por dentro, tinta resistente por fora e entrada de 32 mm: os pássaros aprovam.',
    ],
    [4150, '19 × 28', 'pine'],
    ['rose', 'limestone', 'atlantic', 'forest'],
  ),
  family(
    'garden',
    'horta-tools',
    'tools',
    ['Horta tool rack', 'Kit de ferramentas Horta'],
    [
      'Trowel, fork and hoe in forged steel on a rack for the shed. Handles of ash that fit small hands too.',
      'Pazinha, garfo e enxadinha de aço forjado num suporte de parede. Cabos de freixo para mãos de todo tamanho.',
    ],
    [6850, '32 × 34', 'steel'],
    ['olive', 'night', 'clay', 'atlantic'],
  ),
  family(
    'garden',
    'azeitona-planter',
    'planter',
    ['Azeitona planter', 'Cachepô Azeitona'],
    [
      'A glazed cachepot for the windowsill, watertight, so that herbs may live indoors in winter.',
      'Um cachepô esmaltado e estanque para o peitoril: no inverno os temperos moram dentro de casa.',
    ],
    [2780, '20 × 19', 'stoneware'],
    ['olive', 'night', 'limestone', 'rose', 'saffron'],
  ),
]

const furniture: Family[] = [
  family(
    'furniture',
    'alentejana-chair',
    'chair',
    ['Alentejana chair', 'Cadeira Alentejana'],
    [
      'The painted chair of the south with a rush seat, made by the fourth generation that makes nothing else.',
      'A cadeira pintada do sul com assento de palha, feita pela quarta geração que só faz isso.',
    ],
    [16900, '45 × 88', 'pine'],
    ['clay', 'rose', 'atlantic', 'forest', 'saffron'],
  ),
  family(
    'furniture',
    'taberna-stool',
    'stool',
    ['Taberna stool', 'Banqueta Taberna'],
    [
      'Four splayed legs that never wobble, a seat that remembers nobody. Stacks in threes.',
      'Quatro pés abertos que não balançam e um assento que serve a todos. Empilha de três em três.',
    ],
    [8950, '36 × 46', 'chestnut'],
    ['saffron', 'atlantic', 'olive', 'clay'],
  ),
  family(
    'furniture',
    'patio-side-table',
    'side-table',
    ['Azulejo side table', 'Mesa lateral Azulejo'],
    [
      'A frame of chestnut around a band of hand-painted tiles. A wet glass is no drama.',
      'Estrutura de castanheiro em volta de uma faixa de azulejos pintados à mão. Copo molhado não é problema.',
    ],
    [24900, '62 × 45', 'chestnut'],
    ['atlantic', 'forest', 'rose', 'clay'],
  ),
  family(
    'furniture',
    'adro-bench',
    'bench',
    ['Adro bench', 'Banco Adro'],
    [
      'A bench like those in front of village churches, for two who talk or three who do not.',
      'Um banco como os de frente de igreja, para dois que conversam ou três que não.',
    ],
    [32900, '140 × 82', 'chestnut'],
    ['atlantic', 'saffron', 'forest', 'olive'],
  ),
  family(
    'furniture',
    'livraria-shelf',
    'shelf',
    ['Livraria shelf', 'Estante Livraria'],
    [
      'Four boards and two ladders, put together without a tool. Strong enough for an encyclopaedia.',
      'Quatro tábuas e duas escadas, montadas sem ferramenta. Aguenta uma enciclopédia.',
    ],
    [27900, '80 × 160', 'pine'],
    ['forest', 'rose', 'night', 'atlantic'],
  ),
  family(
    'furniture',
    'sol-mirror',
    'mirror',
    ['Sol mirror', 'Espelho Sol'],
    [
      'Carved, gessoed and painted, after the gilded frames of the baroque, without their weight.',
      'Entalhado, preparado com gesso e pintado como as molduras barrocas, sem o peso delas.',
    ],
    [14900, 'Ø 64', 'pine'],
    ['saffron', 'atlantic', 'night', 'oak'],
  ),
  family(
    'furniture',
    'avo-armchair',
    'armchair',
    ['Avó armchair', 'Poltrona Avó'],
    [
      'High back, soft arms, a frame of beech with real springs. Whoever sits down in it is late.',
      'Encosto alto, braços macios, estrutura de faia com molas de verdade. Quem senta se atrasa.',
    ],
    [64900, '78 × 96', 'wool'],
    ['forest', 'limestone', 'oak', 'night'],
  ),
  family(
    'furniture',
    'solar-cabinet',
    'cabinet',
    ['Solar cabinet', 'Armário Solar'],
    [
      'Two doors faced with tiles, three shelves behind them, a drawer that you find only if you are told.',
      'Duas portas revestidas de azulejo, três prateleiras e uma gaveta que só acha quem sabe.',
    ],
    [58900, '90 × 94', 'chestnut'],
    ['atlantic', 'olive', 'night', 'clay'],
  ),
]

/** Everything, in the order of the shelves. */
export const families: readonly Family[] = [
  ...ceramics,
  ...tiles,
  ...cork,
  ...textiles,
  ...kitchen,
  ...lighting,
  ...garden,
  ...furniture,
]
