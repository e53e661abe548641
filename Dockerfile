# The student's edition in JupyterLab, in a folder of yours (on Linux, of the user 1000):
#   mkdir -p mycourse
#   docker build -t tconv . && docker run --rm -p 127.0.0.1:8888:8888 -v "$PWD/mycourse:/course" tconv
FROM python:3.11-slim
# The address that PyTorch's "Get Started" page shows for the CPU build; without it pip takes the CUDA build.
ARG PIP_EXTRA_INDEX_URL
WORKDIR /opt/tconv
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY .ci/wheel.py .ci/wheel.py
COPY tconv_helpers tconv_helpers
COPY notebooks notebooks
RUN pip install --no-cache-dir -c constraints.txt '.[lab]' && useradd --create-home student \
    && mkdir /course && chown student /course
USER student
WORKDIR /course
EXPOSE 8888
CMD ["tconv", "lab", "/course", "--no-browser", "--ip=0.0.0.0"]
