# The platform and the Python that the figures were made with:
#   docker build -t genre . && docker run -it genre
FROM --platform=linux/amd64 python:3.11.7-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
WORKDIR /genre
COPY requirements.txt .
RUN pip install --no-cache-dir --no-deps -r requirements.txt
COPY . .
CMD ["dvc", "repro"]
