"""The codes by which NLLB networks are told what language a text is in.

FLORES-200 (NLLB Team 2022, arXiv 2207.04672, table 1) has a code of three letters and a script for
each language; people and browsers name languages by ISO 639-1, sometimes with a country or script.
"""

ENGLISH = "eng_Latn"

_CODES = """
af afr_Latn  am amh_Ethi  ar arb_Arab  as asm_Beng  ast ast_Latn  az azj_Latn  be bel_Cyrl
bg bul_Cyrl  bn ben_Beng  bo bod_Tibt  bs bos_Latn  ca cat_Latn  ceb ceb_Latn  ckb ckb_Arab
cs ces_Latn  cy cym_Latn  da dan_Latn  de deu_Latn  el ell_Grek  en eng_Latn  eo epo_Latn
es spa_Latn  et est_Latn  eu eus_Latn  fa pes_Arab  fi fin_Latn  fil tgl_Latn  fo fao_Latn
fr fra_Latn  ga gle_Latn  gd gla_Latn  gl glg_Latn  gu guj_Gujr  ha hau_Latn  he heb_Hebr
hi hin_Deva  hr hrv_Latn  ht hat_Latn  hu hun_Latn  hy hye_Armn  id ind_Latn  ig ibo_Latn
is isl_Latn  it ita_Latn  iw heb_Hebr  ja jpn_Jpan  jv jav_Latn  ka kat_Geor  kk kaz_Cyrl
km khm_Khmr  kn kan_Knda  ko kor_Hang  ku kmr_Latn  ky kir_Cyrl  lb ltz_Latn  lo lao_Laoo
lt lit_Latn  lv lvs_Latn  mg plt_Latn  mi mri_Latn  mk mkd_Cyrl  ml mal_Mlym  mn khk_Cyrl
mr mar_Deva  ms zsm_Latn  mt mlt_Latn  my mya_Mymr  nb nob_Latn  ne npi_Deva  nl nld_Latn
nn nno_Latn  no nob_Latn  ny nya_Latn  oc oci_Latn  or ory_Orya  pa pan_Guru  pl pol_Latn
ps pbt_Arab  pt por_Latn  ro ron_Latn  ru rus_Cyrl  sd snd_Arab  si sin_Sinh  sk slk_Latn
sl slv_Latn  sn sna_Latn  so som_Latn  sq als_Latn  sr srp_Cyrl  su sun_Latn  sv swe_Latn
sw swh_Latn  ta tam_Taml  te tel_Telu  tg tgk_Cyrl  th tha_Thai  tk tuk_Latn  tl tgl_Latn
tr tur_Latn  tt tat_Cyrl  ug uig_Arab  uk ukr_Cyrl  ur urd_Arab  uz uzn_Latn  vi vie_Latn
wo wol_Latn  xh xho_Latn  yi ydd_Hebr  yo yor_Latn  yue yue_Hant  zh zho_Hans  zh-hant zho_Hant
zh-tw zho_Hant  zh-hk zho_Hant  zh-mo zho_Hant  zu zul_Latn
"""


def flores_code(language: str) -> str:
    """Return the code of a language as browsers name it ("de", "pt-BR"); else that of English."""
    words = _CODES.split()
    codes = dict(zip(words[::2], words[1::2], strict=True))
    wanted = language.lower().replace("_", "-")
    while wanted:
        if wanted in codes:
            return codes[wanted]
        wanted = wanted.rpartition("-")[0]
    return ENGLISH
