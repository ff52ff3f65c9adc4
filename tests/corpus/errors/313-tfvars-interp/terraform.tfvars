a = "${local.x}"
