a = <<T
x
T
