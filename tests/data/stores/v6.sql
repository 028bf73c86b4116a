-- A store of schema version 6, as a study of two trials left it: sqlite3 results.sqlite .dump, cut down.
PRAGMA application_id = 1397049154; PRAGMA user_version = 6;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE attempts (
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER,
  started TEXT NOT NULL,
  ended TEXT,
  resumed_epoch INTEGER,
  resumed_step INTEGER,
  status TEXT,
  reason TEXT,
  message TEXT,
  exit_code INTEGER,
  peak_memory_bytes INTEGER,
  seconds REAL,
  environment_id TEXT NOT NULL REFERENCES environments, trials_at_once INTEGER NOT NULL DEFAULT 1, shared_with TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (trial, attempt)
) STRICT, WITHOUT ROWID;
INSERT INTO "attempts" VALUES(1,1,'laptop',17229,'2026-11-21T11:41:40.607Z','2026-11-21T11:41:41.359Z',NULL,NULL,'complete','','',0,193380352,0.757905797,'ddcd09f5989aab75',1,'[]');
INSERT INTO "attempts" VALUES(2,1,'laptop',17246,'2026-11-21T11:41:41.886Z','2026-11-21T11:41:43.783Z',NULL,NULL,'complete','','',0,216903680,1.906543197,'ddcd09f5989aab75',1,'[]');
CREATE TABLE class_counts (
  evaluation INTEGER NOT NULL REFERENCES evaluations ON DELETE CASCADE,
  class INTEGER NOT NULL,
  tp INTEGER NOT NULL,
  fp INTEGER NOT NULL,
  fn INTEGER NOT NULL,
  PRIMARY KEY (evaluation, class)
) STRICT, WITHOUT ROWID;
INSERT INTO "class_counts" VALUES(1000000,0,0,0,102396);
INSERT INTO "class_counts" VALUES(1000000,1,0,0,10983);
INSERT INTO "class_counts" VALUES(1000000,2,8706,122366,0);
INSERT INTO "class_counts" VALUES(1000000,3,0,0,3929);
INSERT INTO "class_counts" VALUES(1000000,4,0,0,3517);
INSERT INTO "class_counts" VALUES(1000000,5,0,0,551);
INSERT INTO "class_counts" VALUES(1000000,6,0,0,990);
INSERT INTO "class_counts" VALUES(1000001,0,0,0,102396);
INSERT INTO "class_counts" VALUES(1000001,1,0,0,10983);
INSERT INTO "class_counts" VALUES(1000001,2,8706,122366,0);
INSERT INTO "class_counts" VALUES(1000001,3,0,0,3929);
INSERT INTO "class_counts" VALUES(1000001,4,0,0,3517);
INSERT INTO "class_counts" VALUES(1000001,5,0,0,551);
INSERT INTO "class_counts" VALUES(1000001,6,0,0,990);
INSERT INTO "class_counts" VALUES(1000004,0,13081,3303,89315);
INSERT INTO "class_counts" VALUES(1000004,1,0,0,10983);
INSERT INTO "class_counts" VALUES(1000004,2,6960,99536,1746);
INSERT INTO "class_counts" VALUES(1000004,3,0,0,3929);
INSERT INTO "class_counts" VALUES(1000004,4,185,8007,3332);
INSERT INTO "class_counts" VALUES(1000004,5,0,0,551);
INSERT INTO "class_counts" VALUES(1000004,6,0,0,990);
INSERT INTO "class_counts" VALUES(1000005,0,19209,5367,136779);
INSERT INTO "class_counts" VALUES(1000005,1,0,0,16157);
INSERT INTO "class_counts" VALUES(1000005,2,9617,150127,840);
INSERT INTO "class_counts" VALUES(1000005,3,0,0,4972);
INSERT INTO "class_counts" VALUES(1000005,4,278,12010,5839);
INSERT INTO "class_counts" VALUES(1000005,5,0,0,2014);
INSERT INTO "class_counts" VALUES(1000005,6,0,0,903);
INSERT INTO "class_counts" VALUES(2000000,0,87048,23517,15348);
INSERT INTO "class_counts" VALUES(2000000,1,45,318,10938);
INSERT INTO "class_counts" VALUES(2000000,2,1,23,8705);
INSERT INTO "class_counts" VALUES(2000000,3,666,15790,3263);
INSERT INTO "class_counts" VALUES(2000000,4,215,2765,3302);
INSERT INTO "class_counts" VALUES(2000000,5,0,3,551);
INSERT INTO "class_counts" VALUES(2000000,6,1,680,989);
INSERT INTO "class_counts" VALUES(2000001,0,89697,21841,12699);
INSERT INTO "class_counts" VALUES(2000001,1,42,999,10941);
INSERT INTO "class_counts" VALUES(2000001,2,0,31,8706);
INSERT INTO "class_counts" VALUES(2000001,3,94,761,3835);
INSERT INTO "class_counts" VALUES(2000001,4,208,2267,3309);
INSERT INTO "class_counts" VALUES(2000001,5,0,29,551);
INSERT INTO "class_counts" VALUES(2000001,6,248,14855,742);
INSERT INTO "class_counts" VALUES(2000004,0,74296,12544,28100);
INSERT INTO "class_counts" VALUES(2000004,1,484,6565,10499);
INSERT INTO "class_counts" VALUES(2000004,2,266,2598,8440);
INSERT INTO "class_counts" VALUES(2000004,3,422,5527,3507);
INSERT INTO "class_counts" VALUES(2000004,4,538,7473,2979);
INSERT INTO "class_counts" VALUES(2000004,5,0,0,551);
INSERT INTO "class_counts" VALUES(2000004,6,557,19802,433);
INSERT INTO "class_counts" VALUES(2000005,0,106705,15512,49283);
INSERT INTO "class_counts" VALUES(2000005,1,1180,11818,14977);
INSERT INTO "class_counts" VALUES(2000005,2,311,3109,10146);
INSERT INTO "class_counts" VALUES(2000005,3,199,16711,4773);
INSERT INTO "class_counts" VALUES(2000005,4,1184,9013,4933);
INSERT INTO "class_counts" VALUES(2000005,5,0,0,2014);
INSERT INTO "class_counts" VALUES(2000005,6,546,30320,357);
CREATE TABLE environments (
  environment_id TEXT PRIMARY KEY NOT NULL,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "environments" VALUES('ddcd09f5989aab75','{"libtorch": "1.13.0"}');
CREATE TABLE epochs (
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  loss REAL,
  learning_rate REAL NOT NULL,
  steps INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  train_seconds REAL,
  data_wait_seconds REAL,
  checkpoint_seconds REAL,
  PRIMARY KEY (trial, epoch)
) STRICT, WITHOUT ROWID;
INSERT INTO "epochs" VALUES(1,1,1.9927658583562788408e+00,0.005,12,96,0.188414928,0.001396789,0.0);
INSERT INTO "epochs" VALUES(1,2,1.94701892336937909533e+00,0.005,12,96,0.141308451,4.4396899999999989584e-04,0.0);
INSERT INTO "epochs" VALUES(2,1,1.96993273335808538604e+00,0.005,12,96,0.507316823,2.95403400000000078071e-03,0.0);
INSERT INTO "epochs" VALUES(2,2,1.94284380950972024315e+00,0.005,12,96,0.402015103,0.00130589,0.0);
CREATE TABLE evaluations (
  evaluation INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('selection', 'test')),
  weights TEXT NOT NULL CHECK (weights IN ('current', 'selected')),
  loss REAL,
  valid_pixels INTEGER NOT NULL,
  images INTEGER NOT NULL,
  evaluate_seconds REAL,
  confusion TEXT,
  UNIQUE (trial, split, weights, epoch)
) STRICT;
INSERT INTO "evaluations" VALUES(1000000,1,1,'selection','current',1.94668534086943156857e+00,131072,32,0.018822311,NULL);
INSERT INTO "evaluations" VALUES(1000001,1,2,'selection','current',1.94805864351767943354e+00,131072,32,0.020427829,NULL);
INSERT INTO "evaluations" VALUES(1000004,1,4,'selection','selected',1.94709881190508671267e+00,131072,32,0.01595637,'[13081,0,83498,0,5817,0,0,1463,0,8206,0,1314,0,0,1211,0,6960,0,535,0,0,331,0,3408,0,190,0,0,160,0,3172,0,185,0,0,0,0,474,0,77,0,0,138,0,778,0,74,0,0]');
INSERT INTO "evaluations" VALUES(1000005,1,4,'test','selected',1.94637041509154284923e+00,196608,48,0.028267845,'[19209,0,126598,0,10181,0,0,2888,0,11927,0,1342,0,0,663,0,9617,0,177,0,0,528,0,4249,0,195,0,0,811,0,5028,0,278,0,0,410,0,1520,0,84,0,0,67,0,805,0,31,0,0]');
INSERT INTO "evaluations" VALUES(2000000,2,1,'selection','current',1.94503769579480678686e+00,131072,32,0.04915391,NULL);
INSERT INTO "evaluations" VALUES(2000001,2,2,'selection','current',1.94390219968491195778e+00,131072,32,0.040345384,NULL);
INSERT INTO "evaluations" VALUES(2000004,2,4,'selection','selected',1.88006295085038765968e+00,131072,32,0.036745062,'[74296,5962,2012,4647,5000,0,10479,6099,484,277,508,1042,0,2573,5085,380,266,318,674,0,1983,774,199,230,422,567,0,1737,215,19,37,33,538,0,2675,99,3,17,17,60,0,355,272,2,25,4,130,0,557]');
INSERT INTO "evaluations" VALUES(2000005,2,4,'test','selected',1.90987190966088626886e+00,196608,48,0.054116825,'[106705,11127,2234,12763,6071,0,17088,8148,1180,563,2156,1090,0,3020,5127,469,311,1473,780,0,2297,1177,46,145,199,761,0,2644,191,18,113,62,1184,0,4549,697,133,24,222,216,0,722,172,25,30,35,95,0,546]');
CREATE TABLE image_counts (
  evaluation INTEGER NOT NULL,
  image INTEGER NOT NULL,
  class INTEGER NOT NULL,
  tp INTEGER NOT NULL,
  fp INTEGER NOT NULL,
  fn INTEGER NOT NULL,
  PRIMARY KEY (evaluation, image, class),
  FOREIGN KEY (evaluation, image) REFERENCES images ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO "image_counts" VALUES(1000004,0,0,512,0,2416);
INSERT INTO "image_counts" VALUES(1000004,0,1,0,0,389);
INSERT INTO "image_counts" VALUES(1000004,0,2,196,3132,0);
INSERT INTO "image_counts" VALUES(1000004,0,3,0,0,375);
INSERT INTO "image_counts" VALUES(1000004,0,4,0,256,208);
INSERT INTO "image_counts" VALUES(1000004,8,0,488,24,3310);
INSERT INTO "image_counts" VALUES(1000004,8,1,0,0,192);
INSERT INTO "image_counts" VALUES(1000004,8,2,0,3328,0);
INSERT INTO "image_counts" VALUES(1000004,8,4,0,256,0);
INSERT INTO "image_counts" VALUES(1000004,8,6,0,0,106);
INSERT INTO "image_counts" VALUES(1000004,16,0,234,278,2740);
INSERT INTO "image_counts" VALUES(1000004,16,1,0,0,175);
INSERT INTO "image_counts" VALUES(1000004,16,2,315,3013,278);
INSERT INTO "image_counts" VALUES(1000004,16,3,0,0,226);
INSERT INTO "image_counts" VALUES(1000004,16,4,0,256,128);
INSERT INTO "image_counts" VALUES(1000004,24,0,512,0,3086);
INSERT INTO "image_counts" VALUES(1000004,24,2,405,2923,40);
INSERT INTO "image_counts" VALUES(1000004,24,4,0,256,0);
INSERT INTO "image_counts" VALUES(1000004,24,6,0,0,53);
INSERT INTO "image_counts" VALUES(1000005,32,0,508,4,2493);
INSERT INTO "image_counts" VALUES(1000005,32,1,0,0,1095);
INSERT INTO "image_counts" VALUES(1000005,32,2,0,3328,0);
INSERT INTO "image_counts" VALUES(1000005,32,4,0,256,0);
INSERT INTO "image_counts" VALUES(1000005,40,0,378,134,2854);
INSERT INTO "image_counts" VALUES(1000005,40,1,0,0,538);
INSERT INTO "image_counts" VALUES(1000005,40,2,0,3328,0);
INSERT INTO "image_counts" VALUES(1000005,40,3,0,0,227);
INSERT INTO "image_counts" VALUES(1000005,40,4,0,256,0);
INSERT INTO "image_counts" VALUES(1000005,40,6,0,0,99);
INSERT INTO "image_counts" VALUES(1000005,48,0,336,176,2262);
INSERT INTO "image_counts" VALUES(1000005,48,2,590,2738,176);
INSERT INTO "image_counts" VALUES(1000005,48,3,0,0,119);
INSERT INTO "image_counts" VALUES(1000005,48,4,0,256,510);
INSERT INTO "image_counts" VALUES(1000005,48,6,0,0,103);
INSERT INTO "image_counts" VALUES(1000005,56,0,476,36,2803);
INSERT INTO "image_counts" VALUES(1000005,56,1,0,0,294);
INSERT INTO "image_counts" VALUES(1000005,56,2,309,3019,36);
INSERT INTO "image_counts" VALUES(1000005,56,4,0,256,178);
INSERT INTO "image_counts" VALUES(1000005,64,0,512,0,2766);
INSERT INTO "image_counts" VALUES(1000005,64,1,0,0,248);
INSERT INTO "image_counts" VALUES(1000005,64,2,262,3066,0);
INSERT INTO "image_counts" VALUES(1000005,64,4,141,115,0);
INSERT INTO "image_counts" VALUES(1000005,64,5,0,0,167);
INSERT INTO "image_counts" VALUES(1000005,72,0,511,1,2685);
INSERT INTO "image_counts" VALUES(1000005,72,1,0,0,204);
INSERT INTO "image_counts" VALUES(1000005,72,2,441,2887,0);
INSERT INTO "image_counts" VALUES(1000005,72,4,0,256,114);
INSERT INTO "image_counts" VALUES(1000005,72,5,0,0,89);
INSERT INTO "image_counts" VALUES(1000005,72,6,0,0,52);
INSERT INTO "image_counts" VALUES(2000004,0,0,2404,572,524);
INSERT INTO "image_counts" VALUES(2000004,0,1,1,63,388);
INSERT INTO "image_counts" VALUES(2000004,0,2,10,146,186);
INSERT INTO "image_counts" VALUES(2000004,0,3,112,13,263);
INSERT INTO "image_counts" VALUES(2000004,0,4,21,187,187);
INSERT INTO "image_counts" VALUES(2000004,0,6,0,567,0);
INSERT INTO "image_counts" VALUES(2000004,8,0,860,46,2938);
INSERT INTO "image_counts" VALUES(2000004,8,1,21,1325,171);
INSERT INTO "image_counts" VALUES(2000004,8,2,0,11,0);
INSERT INTO "image_counts" VALUES(2000004,8,3,0,1064,0);
INSERT INTO "image_counts" VALUES(2000004,8,4,0,122,0);
INSERT INTO "image_counts" VALUES(2000004,8,6,81,566,25);
INSERT INTO "image_counts" VALUES(2000004,16,0,1756,437,1218);
INSERT INTO "image_counts" VALUES(2000004,16,1,0,94,175);
INSERT INTO "image_counts" VALUES(2000004,16,2,18,52,575);
INSERT INTO "image_counts" VALUES(2000004,16,3,0,56,226);
INSERT INTO "image_counts" VALUES(2000004,16,4,30,380,98);
INSERT INTO "image_counts" VALUES(2000004,16,6,0,1273,0);
INSERT INTO "image_counts" VALUES(2000004,24,0,3375,211,223);
INSERT INTO "image_counts" VALUES(2000004,24,1,0,48,0);
INSERT INTO "image_counts" VALUES(2000004,24,2,0,74,445);
INSERT INTO "image_counts" VALUES(2000004,24,3,0,35,0);
INSERT INTO "image_counts" VALUES(2000004,24,4,0,68,0);
INSERT INTO "image_counts" VALUES(2000004,24,6,17,268,36);
INSERT INTO "image_counts" VALUES(2000005,32,0,2529,713,472);
INSERT INTO "image_counts" VALUES(2000005,32,1,191,34,904);
INSERT INTO "image_counts" VALUES(2000005,32,2,0,59,0);
INSERT INTO "image_counts" VALUES(2000005,32,3,0,77,0);
INSERT INTO "image_counts" VALUES(2000005,32,4,0,219,0);
INSERT INTO "image_counts" VALUES(2000005,32,6,0,274,0);
INSERT INTO "image_counts" VALUES(2000005,40,0,784,303,2448);
INSERT INTO "image_counts" VALUES(2000005,40,1,0,1093,538);
INSERT INTO "image_counts" VALUES(2000005,40,2,0,65,0);
INSERT INTO "image_counts" VALUES(2000005,40,3,6,866,221);
INSERT INTO "image_counts" VALUES(2000005,40,4,0,145,0);
INSERT INTO "image_counts" VALUES(2000005,40,6,75,759,24);
INSERT INTO "image_counts" VALUES(2000005,48,0,2267,784,331);
INSERT INTO "image_counts" VALUES(2000005,48,1,0,23,0);
INSERT INTO "image_counts" VALUES(2000005,48,2,7,104,759);
INSERT INTO "image_counts" VALUES(2000005,48,3,1,46,118);
INSERT INTO "image_counts" VALUES(2000005,48,4,133,109,377);
INSERT INTO "image_counts" VALUES(2000005,48,6,17,605,86);
INSERT INTO "image_counts" VALUES(2000005,56,0,2922,462,357);
INSERT INTO "image_counts" VALUES(2000005,56,1,0,0,294);
INSERT INTO "image_counts" VALUES(2000005,56,2,7,66,338);
INSERT INTO "image_counts" VALUES(2000005,56,3,0,8,0);
INSERT INTO "image_counts" VALUES(2000005,56,4,11,127,167);
INSERT INTO "image_counts" VALUES(2000005,56,6,0,493,0);
INSERT INTO "image_counts" VALUES(2000005,64,0,369,173,2909);
INSERT INTO "image_counts" VALUES(2000005,64,1,0,1098,248);
INSERT INTO "image_counts" VALUES(2000005,64,2,0,31,262);
INSERT INTO "image_counts" VALUES(2000005,64,3,0,1695,0);
INSERT INTO "image_counts" VALUES(2000005,64,4,31,100,110);
INSERT INTO "image_counts" VALUES(2000005,64,5,0,0,167);
INSERT INTO "image_counts" VALUES(2000005,64,6,0,599,0);
INSERT INTO "image_counts" VALUES(2000005,72,0,1835,498,1361);
INSERT INTO "image_counts" VALUES(2000005,72,1,0,3,204);
INSERT INTO "image_counts" VALUES(2000005,72,2,41,102,400);
INSERT INTO "image_counts" VALUES(2000005,72,3,0,6,0);
INSERT INTO "image_counts" VALUES(2000005,72,4,12,591,102);
INSERT INTO "image_counts" VALUES(2000005,72,5,0,0,89);
INSERT INTO "image_counts" VALUES(2000005,72,6,45,963,7);
CREATE TABLE images (
  evaluation INTEGER NOT NULL REFERENCES evaluations ON DELETE CASCADE,
  image INTEGER NOT NULL,
  image_id TEXT NOT NULL,
  valid_pixels INTEGER NOT NULL,
  PRIMARY KEY (evaluation, image)
) STRICT, WITHOUT ROWID;
INSERT INTO "images" VALUES(1000004,0,'selection/000000',4096);
INSERT INTO "images" VALUES(1000004,8,'selection/000008',4096);
INSERT INTO "images" VALUES(1000004,16,'selection/000016',4096);
INSERT INTO "images" VALUES(1000004,24,'selection/000024',4096);
INSERT INTO "images" VALUES(1000005,32,'test/000000',4096);
INSERT INTO "images" VALUES(1000005,40,'test/000008',4096);
INSERT INTO "images" VALUES(1000005,48,'test/000016',4096);
INSERT INTO "images" VALUES(1000005,56,'test/000024',4096);
INSERT INTO "images" VALUES(1000005,64,'test/000032',4096);
INSERT INTO "images" VALUES(1000005,72,'test/000040',4096);
INSERT INTO "images" VALUES(2000004,0,'selection/000000',4096);
INSERT INTO "images" VALUES(2000004,8,'selection/000008',4096);
INSERT INTO "images" VALUES(2000004,16,'selection/000016',4096);
INSERT INTO "images" VALUES(2000004,24,'selection/000024',4096);
INSERT INTO "images" VALUES(2000005,32,'test/000000',4096);
INSERT INTO "images" VALUES(2000005,40,'test/000008',4096);
INSERT INTO "images" VALUES(2000005,48,'test/000016',4096);
INSERT INTO "images" VALUES(2000005,56,'test/000024',4096);
INSERT INTO "images" VALUES(2000005,64,'test/000032',4096);
INSERT INTO "images" VALUES(2000005,72,'test/000040',4096);
CREATE TABLE planned_trials (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  trial_id TEXT NOT NULL,
  PRIMARY KEY (study, trial_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "planned_trials" VALUES('quickstart','640fb65482d3545f');
INSERT INTO "planned_trials" VALUES('quickstart','8195194a246bca1f');
CREATE TABLE pretrained_weights (
  trial INTEGER PRIMARY KEY NOT NULL REFERENCES trials ON DELETE CASCADE,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  name_check TEXT NOT NULL CHECK (name_check IN ('agrees', 'none')),
  format TEXT NOT NULL,
  convention TEXT NOT NULL,
  tensors INTEGER NOT NULL,
  folded INTEGER NOT NULL CHECK (folded IN (0, 1)),
  excluded TEXT NOT NULL,
  left_out TEXT NOT NULL,
  kept TEXT NOT NULL
) STRICT;
CREATE TABLE studies (
  study TEXT PRIMARY KEY NOT NULL,
  question TEXT NOT NULL,
  definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "studies" VALUES('quickstart','Which of four small networks segments simple shapes best after a few epochs?','{}');
CREATE TABLE trials (
  trial INTEGER PRIMARY KEY,
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  trial_id TEXT NOT NULL,
  variant_id TEXT NOT NULL REFERENCES variants,
  variant_label TEXT NOT NULL,
  axes TEXT NOT NULL,
  seed INTEGER NOT NULL,
  planned INTEGER NOT NULL CHECK (planned IN (0, 1)),
  data_fingerprint TEXT NOT NULL,
  selection_set TEXT NOT NULL,
  test_set TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'complete', 'failed', 'interrupted')),
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  class_names TEXT NOT NULL,
  class_weights TEXT NOT NULL,
  parameters INTEGER,
  trainable_parameters INTEGER,
  macs INTEGER,
  selected_epoch INTEGER,
  selected_metric TEXT,
  selected_value REAL,
  initial_weights_sha256 TEXT,
  weights_sha256 TEXT,
  selected_weights_sha256 TEXT,
  folder TEXT NOT NULL, background INTEGER DEFAULT 0,
  UNIQUE (study, trial_id)
) STRICT;
INSERT INTO "trials" VALUES(1,'quickstart','8195194a246bca1f','171f34a3fdf343cb','fcn','{"model.architecture":"fcn","model.dropout":0.0}',1,1,'f76345df425d07a5a8351cb071fa60e8ab3e85b903a5046d540fb6783521902f','23b22df6bf551a4e','e5d82c0366d97be6','complete','','','["background","disc","box","ring","striped","triangle","wire"]','[0.17911108580538632,1.636286463318214,2.5819872350484596,7.116001302978754,6.172257365752586,13.432260709161714,24.12960235640648]',62031,62031,5376448,4,'miou_no_background',1.33923029435183259944e-02,'398eeeb8d621b9b42863c9d5f78dcff8393f0e445f116ccfdaa9c99c8377614a','7fd93004be43454a08664a1d7d618a842464cc3177d9a0f34a1c273e21807cb3','7fd93004be43454a08664a1d7d618a842464cc3177d9a0f34a1c273e21807cb3','quickstart/trials/8195194a246bca1f',0);
INSERT INTO "trials" VALUES(2,'quickstart','640fb65482d3545f','d047bb84d8958b3d','unet','{"model.architecture":"unet","model.batch_norm_momentum":0.9}',1,1,'f76345df425d07a5a8351cb071fa60e8ab3e85b903a5046d540fb6783521902f','23b22df6bf551a4e','e5d82c0366d97be6','complete','','','["background","disc","box","ring","striped","triangle","wire"]','[0.17911108580538632,1.636286463318214,2.5819872350484596,7.116001302978754,6.172257365752586,13.432260709161714,24.12960235640648]',64591,64239,34537472,4,'miou_no_background',2.85805795785597192837e-02,'b47fc109e150806e1f0b709827e552a3560e25c608a6774b919438b787e0f6d5','4a9669d01b8342567e372d494eb49b82592ce62bd35d110468daecbe60d7b62d','4a9669d01b8342567e372d494eb49b82592ce62bd35d110468daecbe60d7b62d','quickstart/trials/640fb65482d3545f',0);
CREATE TABLE variants (
  variant_id TEXT PRIMARY KEY NOT NULL,
  config TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "variants" VALUES('171f34a3fdf343cb','{"data":{"allow_overlap":false,"channels":3,"kind":"shapes","normalise":"unit_range","params":{"data_seed":1,"difficulty":0.25,"noise":0.06,"selection_images":32,"test_images":48,"train_images":96},"resolution":[64,64],"root":"","split_seed":0,"splits":{"selection":"selection","test":"test","train":"train"}},"model":{"architecture":"fcn","params":{"dropout":0.0,"output_relu":false,"upsampling":"nearest"},"size":"small","width":0.125},"schema":1,"training":{"augment":[{"name":"horizontal_flip","probability":0.5}],"batch_size":8,"epochs":4,"evaluate_every":1,"loss":{"class_weights":"inverse_frequency","clip":0.0,"name":"cross_entropy","weight_normalisation":"weights"},"optimizer":{"beta1":0.9,"beta2":0.999,"convention":"keras","decay":0.0,"epsilon":null,"learning_rate":0.005,"name":"adam"},"select":"best","select_by":"miou_no_background"}}');
INSERT INTO "variants" VALUES('d047bb84d8958b3d','{"data":{"allow_overlap":false,"channels":3,"kind":"shapes","normalise":"unit_range","params":{"data_seed":1,"difficulty":0.25,"noise":0.06,"selection_images":32,"test_images":48,"train_images":96},"resolution":[64,64],"root":"","split_seed":0,"splits":{"selection":"selection","test":"test","train":"train"}},"model":{"architecture":"unet","params":{"batch_norm_epsilon":0.001,"batch_norm_momentum":0.9},"size":"small","width":0.125},"schema":1,"training":{"augment":[{"name":"horizontal_flip","probability":0.5}],"batch_size":8,"epochs":4,"evaluate_every":1,"loss":{"class_weights":"inverse_frequency","clip":0.0,"name":"cross_entropy","weight_normalisation":"weights"},"optimizer":{"beta1":0.9,"beta2":0.999,"convention":"keras","decay":0.0,"epsilon":null,"learning_rate":0.005,"name":"adam"},"select":"best","select_by":"miou_no_background"}}');
CREATE TABLE verifications (
  trial INTEGER PRIMARY KEY NOT NULL REFERENCES trials ON DELETE CASCADE,
  grade TEXT NOT NULL CHECK (grade IN ('bitwise', 'tolerance', 'seeded')),
  largest_iou_difference REAL,
  first_difference TEXT NOT NULL,
  time TEXT NOT NULL,
  host TEXT NOT NULL,
  device TEXT NOT NULL,
  threads INTEGER NOT NULL
) STRICT;
CREATE TABLE warnings (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  trial INTEGER REFERENCES trials ON DELETE CASCADE,
  variant_id TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('audit', 'plan', 'run', 'trial', 'machine')),
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  remedy TEXT NOT NULL
) STRICT;
CREATE INDEX trials_by_id ON trials (trial_id);
CREATE UNIQUE INDEX final_evaluations ON evaluations (trial, split) WHERE weights = 'selected';
CREATE VIEW per_class_iou AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split, c.class,
  json_extract(t.class_names, '$[' || c.class || ']') AS class_name,
  c.tp, c.fp, c.fn,
  CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END AS iou,
  CASE WHEN c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END AS dice,
  CASE WHEN c.tp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fn) END AS accuracy
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.weights = 'selected'
  JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned AND t.status = 'complete';
CREATE VIEW trial_overview AS
SELECT t.*,
  (SELECT count(*) FROM attempts a WHERE a.trial = t.trial) AS attempts,
  (SELECT ifnull(max(epoch), 0) FROM epochs p WHERE p.trial = t.trial) AS epochs_done,
  (SELECT sum(train_seconds) FROM epochs p WHERE p.trial = t.trial) AS train_seconds,
  (SELECT max(peak_memory_bytes) FROM attempts a WHERE a.trial = t.trial) AS peak_memory_bytes,
  (SELECT started FROM attempts a WHERE a.trial = t.trial ORDER BY attempt LIMIT 1) AS started,
  (SELECT ended FROM attempts a WHERE a.trial = t.trial ORDER BY attempt DESC LIMIT 1) AS ended,
  (SELECT environment_id FROM attempts a WHERE a.trial = t.trial ORDER BY attempt DESC LIMIT 1) AS environment_id
FROM trials t;
CREATE VIEW study_progress AS
SELECT study, count(*) AS trials, sum(status = 'complete') AS complete, sum(status = 'failed') AS failed,
  sum(status = 'running') AS running, sum(status = 'interrupted') AS interrupted, sum(status = 'pending') AS pending
FROM trials WHERE planned GROUP BY study;
CREATE VIEW failures AS
SELECT study, variant_label, seed, trial_id, status, reason, message, attempts, epochs_done, folder
FROM trial_overview WHERE planned AND status IN ('failed', 'interrupted');
CREATE VIEW image_scores AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split, i.image, i.image_id, i.valid_pixels,
  CASE WHEN i.valid_pixels > 0 THEN total(c.tp) / i.valid_pixels END AS pixel_accuracy,
  avg(CASE WHEN c.tp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS miou_gt_present
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.weights = 'selected'
  JOIN images i ON i.evaluation = e.evaluation
  LEFT JOIN image_counts c ON c.evaluation = i.evaluation AND c.image = i.image
WHERE t.planned AND t.status = 'complete'
GROUP BY i.evaluation, i.image;
CREATE VIEW confusion AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split,
  cell.key / json_array_length(t.class_names) AS truth, cell.key % json_array_length(t.class_names) AS prediction,
  cell.value AS pixels
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.confusion IS NOT NULL JOIN json_each(e.confusion) cell
WHERE t.planned;
CREATE INDEX warnings_by_study ON warnings (study);
CREATE INDEX warnings_by_trial ON warnings (trial);
CREATE VIEW evaluation_scores AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, t.status, e.epoch, e.split, e.weights, e.loss, e.images,
  e.valid_pixels,
  CASE WHEN e.valid_pixels > 0 THEN sum(c.tp) * 1.0 / e.valid_pixels END AS pixel_accuracy,
  avg(CASE WHEN c.tp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fn) END) AS mean_class_accuracy,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS miou,
  avg(CASE WHEN c.class <> t.background AND c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END)
    AS miou_no_background,
  CASE WHEN e.valid_pixels > 0 THEN
    total(CASE WHEN c.tp + c.fn > 0 THEN (c.tp + c.fn) * (c.tp * 1.0 / (c.tp + c.fp + c.fn)) END) / e.valid_pixels
  END AS fwiou,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END) AS mean_dice,
  avg(CASE WHEN c.class <> t.background AND c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END)
    AS mean_dice_no_background,
  t.background
FROM trials t JOIN evaluations e ON e.trial = t.trial JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY e.evaluation;
CREATE VIEW trial_scores AS
SELECT study, variant_label, seed, trial_id, split, epoch, loss, images, valid_pixels, pixel_accuracy,
  mean_class_accuracy, miou, miou_no_background, fwiou, mean_dice, mean_dice_no_background,
  CASE WHEN background IS NULL THEN 'miou' ELSE 'miou_no_background' END AS default_metric,
  CASE WHEN background IS NULL THEN miou ELSE miou_no_background END AS score
FROM evaluation_scores WHERE weights = 'selected' AND status = 'complete';
CREATE VIEW leaderboard AS
SELECT study, variant_label, split, count(score) AS n,
  avg(score) AS mean, min(score) AS worst, max(score) AS best,
  CASE WHEN count(score) > 1 THEN
    sqrt(sum((score - center) * (score - center)) / (count(score) - 1))
  END AS sd,
  avg(miou) AS mean_miou, avg(pixel_accuracy) AS mean_pixel_accuracy, max(default_metric) AS metric
FROM (SELECT *, avg(score) OVER (PARTITION BY study, variant_label, split) AS center FROM trial_scores)
GROUP BY study, variant_label, split
ORDER BY study, split, mean DESC;
CREATE VIEW best_of_n AS
SELECT study, variant_label, split, n, seed AS best_seed, trial_id AS best_trial_id, miou_no_background, score,
  default_metric AS metric
FROM (SELECT *, count(*) OVER (PARTITION BY study, variant_label, split) AS n,
        row_number() OVER (PARTITION BY study, variant_label, split ORDER BY score DESC, seed) AS place
      FROM trial_scores)
WHERE place = 1;
CREATE VIEW learning_curve AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, p.epoch, p.loss AS train_loss, p.learning_rate, p.train_seconds,
  e.loss AS selection_loss,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS selection_miou,
  avg(CASE WHEN c.class <> t.background AND c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END)
    AS selection_miou_no_background,
  CASE WHEN e.valid_pixels > 0 THEN sum(c.tp) * 1.0 / e.valid_pixels END AS selection_pixel_accuracy
FROM trials t JOIN epochs p ON p.trial = t.trial
  LEFT JOIN evaluations e ON e.trial = t.trial AND e.split = 'selection' AND e.weights = 'current' AND e.epoch = p.epoch
  LEFT JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY p.trial, p.epoch;
COMMIT;
